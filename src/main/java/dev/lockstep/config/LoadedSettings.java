// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import java.util.List;

/**
 * Settings that passed all checks.
 *
 * @param settings what the agent works with
 * @param dump every setting in force with its source, one line each, itself valid as a settings file
 * @param doubts what is wrong on this machine just now and may not be for long; no reason not to start
 * @param hindrances what keeps an agent from starting on this machine just now, and nobody from reading the settings
 */
public record LoadedSettings(Settings settings, List<String> dump, List<Problem> doubts, List<Problem> hindrances) {
    public LoadedSettings {
        dump = List.copyOf(dump);
        doubts = List.copyOf(doubts);
        hindrances = List.copyOf(hindrances);
    }
}

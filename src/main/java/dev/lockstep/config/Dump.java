// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import java.util.List;

/** Shows the settings in force and where each comes from. */
final class Dump {
    private static final ConfigRenderOptions ONE_LINE =
            ConfigRenderOptions.concise().setJson(false);

    private Dump() {}

    static List<String> lines(Config settings) {
        return SettingsLoader.paths().stream()
                .map(path -> path + " = " + settings.getValue(path).render(ONE_LINE) + "  # " + source(settings, path))
                .toList();
    }

    private static String source(Config settings, String path) {
        if (SettingsLoader.isDefault(settings, path)) {
            return "default";
        }
        ConfigOrigin origin = settings.getValue(path).origin();
        int line = Problems.line(origin);
        return Problems.source(origin) + (line > 0 ? ":" + line : "");
    }
}

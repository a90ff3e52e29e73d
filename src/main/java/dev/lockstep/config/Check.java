// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.config;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;

/** Judges one value as it was written, before anything is made of it. */
@FunctionalInterface
interface Check {

    /**
     * Looks at one value and records what is wrong.
     *
     * @param path the setting, for the message
     * @param value what was written
     * @param problems takes the complaints
     * @return whether there were none
     */
    boolean accepts(String path, ConfigValue value, Problems problems);

    /** {@return {@code value} as a message should show it} */
    static String shown(ConfigValue value) {
        if (value.valueType() == ConfigValueType.LIST) {
            return "a list";
        }
        if (value.valueType() == ConfigValueType.OBJECT) {
            return "a group";
        }
        if (value.valueType() == ConfigValueType.STRING) {
            return "the text \"" + value.unwrapped() + '"';
        }
        return written(value);
    }

    /** {@return a number, a flag or a text as the file has it, a number with all its zeros} */
    static String written(ConfigValue value) {
        return value.valueType() == ConfigValueType.NUMBER
                ? value.atKey("it").getString("it")
                : String.valueOf(value.unwrapped());
    }

    /** Records that {@code path} needs something else than {@code value}. */
    static boolean refuse(String path, ConfigValue value, String needs, Problems problems) {
        problems.add(value.origin(), path + ": needs " + needs + ", not " + shown(value));
        return false;
    }
}

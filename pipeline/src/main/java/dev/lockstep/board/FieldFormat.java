// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.board;

/** Types and sizes of a report's fields, see {@link BoardCodec}. */
final class FieldFormat {
    static final int REGION = 1;
    static final int SETTINGS = 2;
    static final int EVICTION = 3;
    static final int VIEW = 4;
    static final int LOCKSPACE = 5;
    static final int FENCE = 6;
    static final int LINKS = 7;

    static final int FIELD_HEADER_BYTES = 4;
    static final int EVICTION_BYTES = 28;
    static final int LOCKSPACE_FIXED_BYTES = 28;
    static final int MAX_VIEW_BYTES = 32;
    static final int FENCE_BYTES = 32;

    /** More than any version will have, and few enough that a field of garbage costs nothing. */
    static final int MAX_SETTINGS = 256;

    private FieldFormat() {}
}

// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.kernelfs;

import dev.lockstep.nativeio.Errno;
import dev.lockstep.nativeio.NativeFailure;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Files and directories of sysfs and configfs. Paths and names are one char per byte (ISO 8859-1), so that any name the
 * kernel accepts passes unchanged. Calls block as long as the kernel does; any thread may call.
 */
public interface KernelTree {

    /**
     * Writes a value with one write(2) to a file opened O_WRONLY.
     *
     * @throws NativeFailure with the errno of the open or the write
     */
    void write(String path, byte[] value) throws NativeFailure;

    /**
     * Reads a whole file.
     *
     * @return its text, line feeds included
     * @throws NativeFailure with the errno of the open or the read
     */
    String read(String path) throws NativeFailure;

    /**
     * Makes a directory.
     *
     * @return false if it is there already
     * @throws NativeFailure for every error but EEXIST
     */
    boolean makeDirectory(String path) throws NativeFailure;

    /**
     * Removes a directory.
     *
     * @return false if it is not there
     * @throws NativeFailure for every error but ENOENT
     */
    boolean removeDirectory(String path) throws NativeFailure;

    /**
     * Lists the directories in a directory.
     *
     * @return their names, sorted
     * @throws NativeFailure ENOENT if the directory itself is not there
     */
    SortedSet<String> directories(String path) throws NativeFailure;

    /**
     * Lists the directories in a directory that need not be there.
     *
     * @return their names, sorted; none if the directory itself is not there
     * @throws NativeFailure for every error but ENOENT
     */
    default SortedSet<String> directoriesIfAny(String path) throws NativeFailure {
        try {
            return directories(path);
        } catch (NativeFailure e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return new TreeSet<>();
            }
            throw e;
        }
    }
}

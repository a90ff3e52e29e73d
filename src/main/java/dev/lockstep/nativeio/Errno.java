// SPDX-License-Identifier: Apache-2.0
package dev.lockstep.nativeio;

import dev.lockstep.kernel.Outcome.ErrorClass;
import java.util.List;

/**
 * A Linux error number (include/uapi/asm-generic/errno-base.h and errno.h, which all 64-bit processors share that
 * Lockstep runs on).
 *
 * @param number greater than 0
 */
public record Errno(int number) {
    public static final Errno EPERM = new Errno(1);
    public static final Errno ENOENT = new Errno(2);
    public static final Errno ESRCH = new Errno(3);
    public static final Errno EINTR = new Errno(4);
    public static final Errno EIO = new Errno(5);
    public static final Errno EAGAIN = new Errno(11);
    public static final Errno ENOMEM = new Errno(12);
    public static final Errno EACCES = new Errno(13);
    public static final Errno EBUSY = new Errno(16);
    public static final Errno EEXIST = new Errno(17);
    public static final Errno EINVAL = new Errno(22);
    public static final Errno ENOTTY = new Errno(25);
    public static final Errno ENOSPC = new Errno(28);
    public static final Errno EROFS = new Errno(30);
    public static final Errno ENOBUFS = new Errno(105);

    /** Names by number; an empty one is not in use. */
    private static final List<String> NAMES = List.of(
            ("? EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK "
                            + "EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG "
                            + "ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS "
                            + "ENOTEMPTY ELOOP ? ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST ELNRNG EUNATCH ENOCSI "
                            + "EL2HLT EBADE EBADR EXFULL ENOANO EBADRQC EBADSLT ? EBFONT ENOSTR ENODATA ETIME ENOSR "
                            + "ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO EMULTIHOP EDOTDOT EBADMSG "
                            + "EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ "
                            + "ERESTART ESTRPIPE EUSERS ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT "
                            + "EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE "
                            + "EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED ECONNRESET ENOBUFS EISCONN "
                            + "ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED EHOSTDOWN EHOSTUNREACH "
                            + "EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL EISNAM EREMOTEIO EDQUOT ENOMEDIUM "
                            + "EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED EKEYREVOKED EKEYREJECTED EOWNERDEAD "
                            + "ENOTRECOVERABLE ERFKILL EHWPOISON")
                    .split(" "));

    public Errno {
        if (number <= 0) {
            throw new IllegalArgumentException("errno " + number + " is not greater than 0");
        }
    }

    /**
     * {@return the error of that name}
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Errno parse(String name) {
        int number = NAMES.indexOf(name);
        if (number <= 0) {
            throw new IllegalArgumentException("no error is named '" + name + "'");
        }
        return new Errno(number);
    }

    /** {@return the name, such as EBUSY, or "errno 999" for a number without one} */
    public String name() {
        boolean named = number < NAMES.size() && !NAMES.get(number).equals("?");
        return named ? NAMES.get(number) : "errno " + number;
    }

    /** {@return whether waiting may help against it} */
    public ErrorClass errorClass() {
        return switch (name()) {
            case "EINTR" -> ErrorClass.AGAIN_NOW;
            case "EAGAIN", "EBUSY", "ENOMEM", "EIO", "ENOBUFS", "ENFILE", "EMFILE", "ETIMEDOUT" ->
                ErrorClass.AGAIN_LATER;
            case "ENOENT", "ENODEV", "ENXIO" -> ErrorClass.GONE;
            default -> ErrorClass.LASTING;
        };
    }

    @Override
    public String toString() {
        return name();
    }
}

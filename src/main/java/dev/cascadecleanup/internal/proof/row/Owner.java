package dev.cascadecleanup.internal.proof.row;

/** For whom a row is made. */
public enum Owner {
    /** The user that is deleted. */
    ERASED,
    /** The user that must not lose anything. */
    OTHER,
    /** A third one, where a row needs two different users: a friendship, say. It is neither deleted nor counted. */
    BYSTANDER,
    /** Of several at once: a row whose links lead to rows of different owners, or to none. It is neither counted nor linked to. */
    MIXED
}

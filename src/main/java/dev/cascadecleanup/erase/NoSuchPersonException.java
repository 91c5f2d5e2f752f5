package dev.cascadecleanup.erase;

import dev.cascadecleanup.CascadeException;

/** There is no row with this key: it never was there, or is erased already, or the key is no value of its type. */
public class NoSuchPersonException extends CascadeException {

    private static final long serialVersionUID = 1L;

    public NoSuchPersonException(String message) {
        super(message);
    }
}

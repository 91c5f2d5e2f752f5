package dev.cascadecleanup.erase;

import dev.cascadecleanup.CascadeException;

/** Another request is erasing this very person. Nothing was done, and nothing was disturbed. */
public class EraseBusyException extends CascadeException {

    private static final long serialVersionUID = 1L;

    public EraseBusyException(String message) {
        super(message);
    }
}

package dev.cascadecleanup.erase;

import dev.cascadecleanup.CascadeException;

/**
 * The person is still there, but rows of it are gone: something went wrong, or came to refuse, after the first step. The message says
 * what. Running again goes on from there.
 */
public class EraseIncompleteException extends CascadeException {

    private static final long serialVersionUID = 1L;

    private final transient EraseReceipt receipt;

    public EraseIncompleteException(String message, EraseReceipt receipt, Throwable cause) {
        super(message, cause);
        this.receipt = receipt;
    }

    /** What is gone. */
    public EraseReceipt receipt() {
        return receipt;
    }
}

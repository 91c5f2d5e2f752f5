package dev.cascadecleanup.consumers;

/** What a process has said, and how it ended. */
record Output(String command, int status, String out, String err) {

    /** Both streams, one after the other. */
    String all() {
        return out + err;
    }

    Output requireSuccess() {
        if (status != 0) {
            throw new AssertionError(command + " ended with status " + status + System.lineSeparator() + all());
        }
        return this;
    }

    Output requireFailure() {
        if (status == 0) {
            throw new AssertionError(command + " was expected to fail" + System.lineSeparator() + all());
        }
        return this;
    }
}

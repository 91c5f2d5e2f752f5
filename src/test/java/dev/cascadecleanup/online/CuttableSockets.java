package dev.cascadecleanup.online;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.SocketFactory;

/**
 * The sockets of this process, for the driver's option {@code socketFactory}; all of them can be closed at once, at any moment and
 * without a word to the server. To the server that is the same as the death of the process.
 */
public final class CuttableSockets extends SocketFactory {

    private static final List<Socket> OPEN = new ArrayList<>();
    private static boolean cut;

    /** Closes all sockets, and lets nobody open another one until {@link #mend()}. */
    static synchronized void cut() throws IOException {
        cut = true;
        for (Socket socket : OPEN) {
            socket.close();
        }
        OPEN.clear();
    }

    static synchronized void mend() {
        cut = false;
    }

    @Override
    public Socket createSocket() throws IOException {
        synchronized (CuttableSockets.class) {
            if (cut) {
                throw new IOException("the process is as good as dead");
            }
            Socket socket = new Socket();
            OPEN.add(socket);
            return socket;
        }
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw new UnsupportedOperationException("the driver connects by itself");
    }
}

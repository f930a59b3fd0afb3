//! What both servers share: a listener on 127.0.0.1 with its own runtime on its own named thread.
//!
//! The handle is synchronous, so that tests without a runtime can use it. Dropping it ends the thread and every
//! connection. A door can be shut and opened again on the same port: shut, the port refuses as a stopped server does.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::pin::Pin;
use std::sync::mpsc::Sender as StdSender;
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc as std_mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Any connection: TCP, delayed, or inside TLS.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection whose kind does not matter.
pub(super) type BoxStream = Box<dyn Stream>;
/// The conversation on one connection, until it ends.
pub(super) type Conversation = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A running server.
pub(super) struct Loopback {
    address: SocketAddr,
    commands: mpsc::UnboundedSender<Command>,
    thread: Option<JoinHandle<()>>,
}

enum Command {
    Shut(StdSender<io::Result<()>>),
    Open(StdSender<io::Result<()>>),
    Stop,
}

/// The port.
enum Door {
    /// Listening.
    Open(TcpListener),
    /// Held without listening: the kernel refuses connections, and nobody else gets the port.
    Held(TcpSocket),
    /// Taken by somebody else.
    Lost,
}

impl Loopback {
    /// Listens on a free port and answers each connection with `serve(stream, number)`, numbered from 0. With a
    /// delay, octets take that long each way.
    pub(super) fn start(
        thread_name: &str,
        delay: Duration,
        serve: impl Fn(BoxStream, usize) -> Conversation + Send + 'static,
    ) -> io::Result<Self> {
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (commands, orders) = mpsc::unbounded_channel();
        let listener = {
            let _context = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let thread = std::thread::Builder::new()
            .name(thread_name.to_owned())
            .spawn(move || {
                runtime.block_on(run(Door::Open(listener), address, orders, delay, serve));
            })?;
        Ok(Self {
            address,
            commands,
            thread: Some(thread),
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Refuses connections and ends the open ones, as a server that was stopped. Done when this returns.
    pub(super) fn shut(&self) -> io::Result<()> {
        self.order(Command::Shut)
    }

    /// Listens again, on the same port. Done when this returns; nothing where it listens already.
    pub(super) fn open(&self) -> io::Result<()> {
        self.order(Command::Open)
    }

    fn order(&self, command: impl FnOnce(StdSender<io::Result<()>>) -> Command) -> io::Result<()> {
        let (done, wait) = std_mpsc::channel();
        let gone = || io::Error::new(io::ErrorKind::NotConnected, "the server has stopped");
        self.commands
            .send(command(done))
            .map_err(|_unsent| gone())?;
        wait.recv().map_err(|_closed| gone())?
    }
}

impl Drop for Loopback {
    fn drop(&mut self) {
        // Where the thread is gone already there is nobody to tell, and nothing left to end.
        let _ = self.commands.send(Command::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn run(
    mut door: Door,
    address: SocketAddr,
    mut orders: mpsc::UnboundedReceiver<Command>,
    delay: Duration,
    serve: impl Fn(BoxStream, usize) -> Conversation,
) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        tokio::select! {
            order = orders.recv() => match order {
                Some(Command::Shut(done)) => {
                    connections.shutdown().await;
                    let result = door.shut(address);
                    // Whoever asked may have gone; the door is shut all the same.
                    let _ = done.send(result);
                }
                Some(Command::Open(done)) => {
                    let result = door.open();
                    let _ = done.send(result);
                }
                Some(Command::Stop) | None => return,
            },
            accepted = door.next() => if let Ok(stream) = accepted {
                connections.spawn(connection(stream, delay, number, &serve));
                number += 1;
            },
            Some(_ended) = connections.join_next() => {}
        }
    }
}

impl Door {
    fn shut(&mut self, address: SocketAddr) -> io::Result<()> {
        if matches!(self, Self::Held(_)) {
            return Ok(());
        }
        // The listener must be gone before its port can be bound again.
        *self = Self::Lost;
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        *self = Self::Held(socket);
        Ok(())
    }

    fn open(&mut self) -> io::Result<()> {
        *self = match std::mem::replace(self, Self::Lost) {
            Self::Held(socket) => Self::Open(socket.listen(1024)?),
            Self::Open(listener) => Self::Open(listener),
            Self::Lost => return Err(io::ErrorKind::AddrNotAvailable.into()),
        };
        Ok(())
    }

    async fn next(&self) -> io::Result<TcpStream> {
        let Self::Open(listener) = self else {
            return std::future::pending().await;
        };
        match listener.accept().await {
            Ok((stream, _peer)) => Ok(stream),
            Err(error) => {
                // Out of descriptors, or the client left before it was accepted: the next may do better.
                tokio::time::sleep(Duration::from_millis(10)).await;
                Err(error)
            }
        }
    }
}

/// Locks, also after a panic elsewhere: what these locks hold is whole at any time.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Octets that begin neither an LDAP message, nor a TLS record, nor an SMTP reply.
pub(super) fn random_octets(count: usize) -> Vec<u8> {
    let mut octets = vec![0; count];
    // Where there is no randomness the octets stay zero, which is garbage too.
    let _ = openssl::rand::rand_bytes(&mut octets);
    if let Some(first) = octets.first_mut() {
        *first = 0xff;
    }
    octets
}

/// Says nothing more, takes what comes, and ends when the other side does.
pub(super) async fn fall_silent(stream: &mut (impl AsyncRead + Unpin)) {
    let mut sink = tokio::io::sink();
    // That the other side broke off is the end that is waited for.
    let _ = tokio::io::copy(stream, &mut sink).await;
}

fn connection(
    stream: TcpStream,
    delay: Duration,
    number: usize,
    serve: &impl Fn(BoxStream, usize) -> Conversation,
) -> Conversation {
    // Without it the kernel would add a latency of its own; where it cannot be set, only speed is lost.
    let _ = stream.set_nodelay(true);
    if delay.is_zero() {
        return serve(Box::new(stream), number);
    }
    let (near, far) = tokio::io::duplex(256 * 1024);
    let conversation = serve(Box::new(near), number);
    Box::pin(relay(stream, far, delay, conversation))
}

/// Stands between client and server and holds every octet back for `delay`.
async fn relay(
    client: TcpStream,
    server: tokio::io::DuplexStream,
    delay: Duration,
    conversation: Conversation,
) {
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = tokio::io::split(server);
    let inward = async {
        pump(from_client, to_server, delay).await;
        std::future::pending::<()>().await;
    };
    let outward = async {
        tokio::join!(conversation, pump(from_server, to_client, delay));
    };
    // What the server said last still travels; what the client says after that interests nobody.
    tokio::select! {
        () = inward => {}
        () = outward => {}
    }
}

/// Carries octets, each `delay` after it came. A later one does not wait for an earlier one's time.
async fn pump(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, delay: Duration) {
    let (queue, mut due) = mpsc::unbounded_channel();
    let read = async move {
        loop {
            let mut chunk = vec![0; 16 * 1024];
            let length = from.read(&mut chunk).await.unwrap_or(0);
            chunk.truncate(length);
            // An empty chunk is the end, and travels as slowly as all else.
            if queue.send((Instant::now() + delay, chunk)).is_err() || length == 0 {
                return;
            }
        }
    };
    let write = async move {
        while let Some((when, chunk)) = due.recv().await {
            tokio::time::sleep_until(when).await;
            if chunk.is_empty() || to.write_all(&chunk).await.is_err() {
                break;
            }
        }
        // The other side may have closed first.
        let _ = to.shutdown().await;
    };
    tokio::join!(read, write);
}

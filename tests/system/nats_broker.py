"""A nats-server for tests, and a client that speaks its text protocol.

No library stands between a test and the broker.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGING = os.path.join(ROOT, "packaging", "nats")
WAIT_S = 10.0  # how long anything may take before a test fails
ADMIN = "admin"
NATS_SERVER = shutil.which("nats-server", path=os.environ["PATH"] + ":/usr/sbin")  # Debian's is not on a user's PATH


class Message:
    """One message as it came. `status`: the number in its NATS/1.0 status line; `signature`: its header; None without."""

    def __init__(self, subject, reply, payload, head=b""):
        self.subject, self.reply, self.payload = subject, reply, payload
        first, *lines = head.decode().split("\r\n")
        status = first.split()[1:2]
        self.status = int(status[0]) if status else None
        headers = dict(line.split(": ", 1) for line in lines if ": " in line)
        self.signature = headers.get("Hocket-Signature")

    def __repr__(self):
        return f"Message({self.subject!r}, reply={self.reply!r}, status={self.status!r}, {self.payload!r})"


class Connection:
    """A client of the NATS text protocol: what it got is in `messages`, what it was refused in `errors`."""

    def __init__(self, port, user=None, password=None):
        self.messages, self.errors = [], []
        self._buffer = b""
        self._next_sid = 0
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=WAIT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line()  # INFO
        options = {"verbose": False, "pedantic": False, "headers": True, "no_responders": True}
        if user is not None:
            options.update(user=user, **{"pass": password})
        self._send(f"CONNECT {json.dumps(options)}\r\n")
        self.flush()

    def close(self):
        self._socket.close()

    def subscribe(self, subject):
        self._next_sid += 1
        self._send(f"SUB {subject} {self._next_sid}\r\n")
        self.flush()

    def publish(self, subject, payload="x", reply="", signature="x..y"):
        self.publish_unflushed(subject, payload, reply, signature)
        self.flush()

    def publish_unflushed(self, subject, payload="x", reply="", signature="x..y"):
        """Like publish(), without a look at the answer. There is a header, as in every message of Hocket."""
        head = f"NATS/1.0\r\nHocket-Signature: {signature}\r\n\r\n".encode()
        data = payload.encode() if isinstance(payload, str) else payload
        self._send(f"HPUB {subject} {reply} {len(head)} {len(head) + len(data)}\r\n")
        self._send(head + data + b"\r\n")

    def flush(self):
        """Returns when the server has handled all that was sent, and all it had for us before is here."""
        self._send("PING\r\n")
        while True:
            line = self._line()
            if line == "PONG":
                return
            self._handle(line)

    def _handle(self, line):
        word, _, rest = line.partition(" ")
        fields = rest.split()
        if word == "PING":
            self._send("PONG\r\n")
        elif word == "-ERR":
            self.errors.append(rest.strip("'"))
        elif word == "MSG":
            payload = self._bytes(int(fields[-1]))
            self.messages.append(Message(fields[0], fields[2] if len(fields) == 4 else "", payload))
        elif word == "HMSG":
            head, total = int(fields[-2]), int(fields[-1])
            data = self._bytes(total)
            reply = fields[2] if len(fields) == 5 else ""
            self.messages.append(Message(fields[0], reply, data[head:], data[:head]))
        elif word not in ("INFO", "+OK"):
            raise AssertionError(f"the server sent {line!r}")

    def _send(self, data):
        self._socket.sendall(data.encode() if isinstance(data, str) else data)

    def _more(self):
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError(f"the server closed the connection; errors: {self.errors}")
        self._buffer += data

    def _line(self):
        while b"\r\n" not in self._buffer:
            self._more()
        line, self._buffer = self._buffer.split(b"\r\n", 1)
        return line.decode()

    def _bytes(self, count):
        while len(self._buffer) < count + 2:
            self._more()
        data, self._buffer = self._buffer[:count], self._buffer[count + 2 :]
        return data


class Broker:
    """A nats-server with packaging/nats/least-privilege.conf, in its own folder and on a port of its own.

    `users` is the command line of packaging/nats/hocket-nats-users, `passwords` holds the password of each name. The
    name ADMIN among them becomes a user who may do everything, so that a test can listen. `more` is added to the
    configuration.
    """

    def __init__(self, users, passwords, folder=None, more=""):
        self.folder = folder or tempfile.mkdtemp(prefix="hocket-nats-")
        shutil.copy(os.path.join(PACKAGING, "least-privilege.conf"), self.folder)
        with open(self._path("least-privilege.conf"), "a", encoding="utf-8") as file:
            file.write(more)
        self._passwords = passwords
        self.write_users(users)
        self._connections = []
        self.port = -1
        self.start()

    def start(self):
        """Also after kill(), on the same port."""
        if NATS_SERVER is None:
            raise FileNotFoundError("nats-server is not installed; run scripts/install-deps")
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self._process = subprocess.Popen(
                [NATS_SERVER, "-c", self._path("least-privilege.conf"), "-a", "127.0.0.1", "-p", str(self.port),
                 "--ports_file_dir", self.folder],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        self.port = self._read_port()

    def kill(self):
        """With SIGKILL: no client is told."""
        self._process.kill()
        self._process.wait()

    def write_users(self, users):
        """The server takes them over at its start and at reload()."""
        words = "# by the test\n\n" + "".join(f"{name} {word}\n" for name, word in self._passwords.items())
        secrets = ["--passwords", "-"] if self._passwords else []
        command = [os.path.join(PACKAGING, "hocket-nats-users"), *secrets, *users]
        printed = subprocess.run(command, input=words, stdout=subprocess.PIPE, text=True, check=True).stdout
        if ADMIN in self._passwords:
            user = (f'    {{ user: "{ADMIN}", password: "{self._passwords[ADMIN]}", '
                    'permissions: { publish: ">", subscribe: ">" } }')
            printed = f"{printed.rstrip().removesuffix(']')}{user}\n]\n"
        with open(self._path("users.conf"), "w", encoding="utf-8") as file:
            file.write(printed)

    def reload(self):
        """Makes the server read its configuration again and waits until it says that it has."""
        self._process.send_signal(signal.SIGHUP)
        self._wait(lambda: "Reloaded server configuration" in self.log(), "the reload")

    def connect(self, name):
        connection = Connection(self.port, name, self._passwords[name])
        self._connections.append(connection)
        return connection

    def log(self):
        with open(self._path("log"), encoding="utf-8") as file:
            return file.read()

    def stop(self, keep):
        """Ends it; its folder stays on request."""
        self.close()
        if keep:
            print(f"  kept: {self.folder}")
        else:
            shutil.rmtree(self.folder)

    def close(self):
        for connection in self._connections:
            connection.close()
        self._process.terminate()
        try:
            self._process.wait(WAIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _read_port(self):
        file = self._path(f"nats-server_{self._process.pid}.ports")
        self._wait(lambda: os.path.exists(file) and os.path.getsize(file) > 0, "its start")
        with open(file, encoding="utf-8") as ports:
            return int(json.load(ports)["nats"][0].rsplit(":", 1)[1])

    def _wait(self, condition, what):
        deadline = time.monotonic() + WAIT_S
        while not condition():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._process.kill()
                raise AssertionError(f"nats-server did not finish {what} within {WAIT_S} s:\n{self.log()}")
            time.sleep(0.01)

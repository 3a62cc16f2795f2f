"""Run `server.batch_worker` with the calculator bug of `tests.support.faulty_server`."""

from server import batch_worker
from tests.support.faulty_server import put_bug_in_calculator

if __name__ == "__main__":
    put_bug_in_calculator()
    batch_worker.main()

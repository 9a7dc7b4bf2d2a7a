"""Connections to PostgreSQL on which neither side waits for ever for the other."""

from __future__ import annotations

from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus

THINKING_SECONDS = 600  # one that has claimed rows, and reads mails or waits for the SMTP server meanwhile

# For libpq, where the url says nothing else: a host that is gone is noticed, though it closed no connection.
_OURS = {
    "connect_timeout": "10",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
# For the server: the same of us. Without these a machine that vanished would keep its locks for hours.
_THEIRS = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "30000",
    "idle_in_transaction_session_timeout": f"'{THINKING_SECONDS}s'",
}


class PatientConnection(psycopg.Connection[Any]):
    """Gives a server up that does not answer one command within so many seconds: it may be stopped, and its machine
    still acknowledges what we send.
    """

    patience: float | None = None

    def wait(self, gen: PQGen[Any], *args: Any, **options: Any) -> Any:
        options.setdefault("timeout", self.patience)
        try:
            return super().wait(gen, *args, **options)
        except psycopg.OperationalError as error:
            if self.closed or self.info.transaction_status is not TransactionStatus.ACTIVE:
                raise
            self.close()  # what it would answer belongs to a question that nobody remembers
            raise psycopg.OperationalError(f"no answer within {self.patience:g} s") from error


def connect_args(url: sa.URL, name: str) -> dict[str, str]:
    """For libpq; `name` tells the others who holds a lock."""
    return {key: value for key, value in _OURS.items() if key not in url.query} | {"application_name": name}


def make_patient(engine: sa.Engine, patience: float | None) -> None:
    """From now on this engine's connections, and their servers, wait no longer than this."""

    @sa.event.listens_for(engine, "do_connect")
    def _connect(_dialect: object, _record: object, arguments: Any, parameters: Any) -> psycopg.Connection[Any]:
        return PatientConnection.connect(*arguments, **parameters)

    @sa.event.listens_for(engine, "connect")
    def _tell(connection: PatientConnection, _record: object) -> None:
        connection.patience = patience
        connection.execute("; ".join(f"SET {name} = {value}" for name, value in _THEIRS.items()))
        connection.commit()

    @sa.event.listens_for(engine, "handle_error")
    def _read_only(context: sa.engine.ExceptionContext) -> None:
        """After a failover the old server may live on and refuse all writing: connections to it are no good."""
        if isinstance(context.original_exception, psycopg.errors.ReadOnlySqlTransaction):
            context.is_disconnect = True

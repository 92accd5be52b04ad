"""Words that decide what is read: a file by its bytes, a statement by its text.

These tables may say where to look, never what to report.  They must be wider than the rules: a
test lints every fixture with and without them and compares.
"""

from __future__ import annotations

# A file without any of these words can hold no finding.  They are put under a piece that they have
# in common: where it is not in a file, none of them has to be looked for.
FILE_WORDS = {
    b"ession": (b"sessionmaker", b"AsyncSession", b"SessionDep", b"ession.commit(",
                b"ession.execute(", b"ession.rollback(", b"ession.scalar"),
    b"sql": (b"sqlalchemy", b"sqlmodel"),
    b"SQL": (b"SQLAlchemy", b"SQLModel", b"SQLALCHEMY_POOL_", b"SQLALCHEMY_MAX_OVERFLOW"),
    b"ngine": (b"create_async_engine", b"create_engine", b"AsyncEngine"),
    b"begin": (b".begin(", b"begin_nested"),
    b"db.": (b"db.commit(", b"db.execute(", b"db.rollback("),
    b".fetch": (b".fetchrow(", b".fetchval("),
    b"asyncpg": (b"asyncpg",),
    b"AsyncConnection": (b"AsyncConnection",),
    b".dispose(": (b".dispose(",),
    b"@app.": (b"@app.",),
    b"@router.": (b"@router.",),
    b"@celery": (b"@celery",),
    b"@dramatiq": (b"@dramatiq",),
    b"@huey": (b"@huey",),
    b"APIRouter": (b"APIRouter",),
    b"Blueprint": (b"Blueprint",),
    b"shared_task": (b"shared_task",),
}  # fmt: skip

# Statements with one of these are always read.
UNIT_WORDS = (
    "create_async_engine", "create_engine", "engine_from_config", "create_pool", "asyncpg.C",
    "asyncpg.P", "asyncpg.connect", "asyncpg.pool", "sessionmaker", "scoped_session", "Session(", ".begin(", ".begin_nested(", ".connect(",
    "raw_connection", ".dispose(", ".transaction(", "expire_on_commit",
    " SQLALCHEMY_POOL_", "(SQLALCHEMY_POOL_", "\"SQLALCHEMY_POOL_", "'SQLALCHEMY_POOL_",
    " SQLALCHEMY_MAX_OVERFLOW", "(SQLALCHEMY_MAX_OVERFLOW", "\"SQLALCHEMY_MAX_OVERFLOW",
    "'SQLALCHEMY_MAX_OVERFLOW",
    ".on_event(", ".add_event_handler(", ".on_startup.", ".on_cleanup.", ".on_shutdown.",
    "listens_for", "event.listen(",
    "TooManyConnectionsError", "ool.close(",
    # What a pool keeps for itself.
    "ool._minsize", "ool._maxsize", "ool._initsize", "ool._holders", "ool._queue", "ool._clos",
    "ool._initial", "ool._generation", "ool._connect", "ool._working_", "ool._max_", "ool._init ",
    "ool._record_class", "ool._setup", "ool._reset", "ool._maintenance_task", "ool._loop",
    "ool._acquire", "ool._get_new_connection", "ool._check_init", "ool._async__init__",
    "ool._drop_", "getattr(pool, \"_", "getattr(pool, '_", "getattr(self._pool, \"_",
    "getattr(self._pool, '_", "getattr(self.pool, \"_", "getattr(self.pool, '_",
)  # fmt: skip
# What several of them share: one search tells that a file has none of these.
UNIT_PIECES = ("engine", "asyncpg.", "SQLALCHEMY_", ".on_", "ession", "onnect", ".begin")

# What the name of something ends in that is acquired and is no pool.
LOCK_ENDINGS = ("lock", "semaphore", "sem", "mutex", "limiter", "condition")

# A file with one of these may hold functions that run for every request or task.
HANDLER_WORDS = (
    ".get(", ".post(", ".put(", ".patch(", ".delete(", "route", "Depends", "task", "websocket",
    "@get", "@post", "middleware", "View", "Handler", "actor", "subscriber", "@job",
)  # fmt: skip

# What makes a function a command or a fixture, and what a statement has that runs with the file.
QUIET_DECORATORS = (".command", "@command", "@click", "@typer", ".group", ".callback", "fixture")
PROGRAM_WORDS = ("if __name__", "run(", "run_until_complete(", "main(")

# What makes a class of another module worth reading.
RESOURCE_WORDS = (
    "AsyncSession", "sessionmaker", "create_engine", "create_async_engine", "AsyncEngine",
    "create_pool", "asyncpg", "(Session", "Session)", "scoped_session", "AsyncConnection",
    "engine", "session",
)  # fmt: skip
# What a function that returns an engine, a session, a factory, a client or options says so with.
RESULT_WORDS = (
    "ession", "ngine", "onnection", "conn", "aker", "actory", "lient", "edis", "options", "kwargs",
)  # fmt: skip
# What the name of a function has in it that returns options.
OPTION_NAMES = ("options", "kwargs", "_args", "arguments", "params")

# Imports that tell what a file is about, whether or not their names are used.
IMPORT_WORDS = ("sqlalchemy", "sqlmodel", "asyncpg", "alembic", "KafkaConsumer", "confluent_kafka",
                "aiogram", "discord", "aio_pika",
                # Which database it is for.
                "psycopg", "pgvector", "mysql", "MySQLdb", "asyncmy", "oracle", "sqlite",
                "clickhouse", "bigquery", "trino", "presto", "athena", "databricks", "hive",
                "impala", "druid", "pinot", "drill", "doris", "starrocks", "snowflake",
                "elasticsearch", "dremio", "crate", "shillelagh", "gsheets", "kylin", "phoenix",
                "spanner", "dynamodb")  # fmt: skip

# Functions that make an engine or a pool: who calls them matters, so their users are read too.
CREATION_WORDS = (
    "create_async_engine", "create_engine", "engine_from_config", "create_pool",
    "asyncpg.connect(",
)  # fmt: skip

# What makes async sessions: in the same file, what is read after a commit matters.
ASYNC_FACTORY_WORDS = ("async_sessionmaker(", "AsyncSession(", "=AsyncSession")

# Functions that make or close what all requests share: who calls these for a request matters.
SHARING_WORDS = ("sessionmaker(", ".dispose(")

# Hooks that run when an application begins, and what a file with such hooks closes.
HOOK_WORDS = ("on_event(", "on_startup", "add_event_handler", "startup")
CLOSING_WORDS = (".close(", ".terminate(", ".dispose")

# Modules that leave the process: to call them, a file has to import them.
SLOW_MODULES = (
    "requests", "httpx", "aiohttp", "urllib", "boto", "smtp", "redis", "kafka", "pika", "aiormq",
    "grpc", "openai", "anthropic", "stripe", "subprocess", "socket", "paramiko", "asyncssh",
    "ftplib", "imaplib", "poplib", "telnetlib", "sendgrid", "twilio", "celery", "elasticsearch",
    "opensearch", "pymongo", "motor", "google", "azure", "minio", "nats", "litellm", "cohere",
    "mistral", "ollama", "groq", "langchain", "langgraph", "hvac", "ldap", "zmq", "dramatiq", "arq",
    "slack", "telegram", "aiogram", "discord", "replicate", "huggingface", "pusher", "mailgun",
    "postmark", "fastapi_mail", "zeep", "suds", "xmlrpc", "gevent",
)  # fmt: skip
# What the name of another module's client ends in.
CLIENT_ENDINGS = ("client", "redis", "mailer")
# What the name of a class ends in whose objects send letters and messages.
SENDER_CLASSES = (
    "Mailer", "MailService", "EmailService", "MailSender", "EmailSender", "MailClient",
    "EmailClient", "SmsService", "SmsSender", "SmsClient", "SMSService", "SMSSender", "SMSClient",
)  # fmt: skip
# Calls that leave the process, whatever the file imports for them.
SLOW_CALLS = (".ainvoke(", ".abatch(", ".astream_events(", ".delay(", ".apply_async(", "sleep(",
              "os.system", "os.popen", "to_thread", "run_in_")  # fmt: skip

# What starts tasks and threads, be it with a session that only other functions name.
STARTING_WORDS = (
    "gather(", "create_task(", "ensure_future(", "start_soon(", "add_task(", "BackgroundTask(",
    "to_thread(", "to_thread.run_sync(", "run_in_executor(", "run_in_threadpool(", ".submit(",
    "Thread(", "as_completed(", "asyncio.wait(", ".map(", "run_coroutine_threadsafe(",
)  # fmt: skip
STARTING_PIECES = ("_task(", "to_thread", "run_")

# What runs a coroutine in an event loop of its own.
LOOP_WORDS = ("asyncio.run(", "uvloop.run(", "anyio.run(", "run_until_complete(", "Runner(",
              "async_to_sync")  # fmt: skip

# What registers what runs in a forked process, and what forks one.
FORK_HOOK_WORDS = ("worker_process_init", "postfork", "after_in_child", "register_after_fork",
                   "initializer=", "post_fork", "post_worker_init")  # fmt: skip
FORK_WORDS = ("Process(", "Pool(", "ProcessPoolExecutor(", "os.fork(", "get_context(",
              "set_start_method")  # fmt: skip

# Methods that are coroutines on some object of SQLAlchemy's or asyncpg's; a name that receives a
# strong one may be a session or a connection.
COROUTINE_METHODS = (
    "execute", "scalar", "scalars", "stream", "stream_scalars", "commit", "rollback", "flush",
    "refresh", "merge", "delete", "close", "get", "get_one", "run_sync", "connection", "exec",
    "invalidate", "reset", "aclose", "exec_driver_sql", "fetch", "fetchrow", "fetchval",
    "executemany", "start", "release", "close_all", "remove", "query",
)  # fmt: skip
STRONG_METHODS = (
    "execute", "scalars", "scalar", "commit", "rollback", "flush", "begin", "begin_nested",
    "exec_driver_sql", "fetchrow", "fetchval", "exec", "add_all", "run_sync",
)  # fmt: skip
# What the name of a session that is only handed on ends in, and pieces of those that tell cheaply
# that a text has no such name.
SESSION_ENDINGS = ("session", "sess", "db", "conn")
SESSION_PIECES = ("sess", "Sess", "SESS", "db", "DB", "Db", "conn", "Conn")
ASYNC_WORDS = (
    "AsyncSession", "AsyncConnection", "AsyncEngine", "async_session", "create_async_engine",
)  # fmt: skip
# What the name of a function that only reads begins with.
READING_WORDS = ("get_", "find_", "fetch_", "load_", "read_", "list_", "count_", "select_", "query_",
                 "lookup_", "search_", "get", "find", "exists")  # fmt: skip
# What the name of a function that may well commit begins with.
WRITING_WORDS = ("commit", "save", "create", "update", "delete", "remove", "add", "insert", "upsert", "store",
                 "set_", "mark", "finish", "complete", "record", "persist", "close", "end",
                 "release", "rollback", "flush_and", "write", "put", "register", "sync", "process",
                 "handle", "apply", "run", "do_", "execute", "log", "audit", "refresh")  # fmt: skip
# What begins a transaction and runs nothing.
ADDING_WORDS = (".add(", ".add_all(")
# Without any of these in its text, a function that was given a session keeps the connection.
RELEASE_WORDS = (
    ".commit(", ".rollback(", ".close(", ".aclose(", ".begin(", ".begin_nested(", ".release(",
    ".reset(", ".remove(", ".invalidate(", ".close_all(",
)  # fmt: skip
# Without any of these in its text, a function writes nothing itself.
WRITING_PIECES = (".add(", ".add_all(", ".merge(", ".delete(", ".bulk_", "insert(", "update(",
                  "INSERT", "UPDATE", "DELETE")  # fmt: skip

"""Calls that leave the process: which they are, and whether they stop the event loop.

The table maps the first word of a path to patterns over the rest of it.  Paths are those of
:class:`pool_lint.model.values.Origin`: ``httpx.AsyncClient().get``.
"""

from __future__ import annotations

import re
from functools import lru_cache

BLOCKING = "blocking"
WAITING = "waiting"
# Waiting when it is awaited, blocking when it is not.
EITHER = "either"

_VERBS = r"(?:get|post|put|patch|delete|head|options|request|send|stream)"
# Methods that are local, whatever the client.
_QUIET = (
    r"(?!(?:a?close|__\w+__|copy|items|keys|values|encode|decode|strip|lower|upper|startswith"
    r"|isoformat|json|text|dict|model_dump|set_\w+|with_options|bind|pipeline|pubsub|register\w*"
    r"|lock|cookies|headers|mount|add_\w+|get_event_loop|raise_for_status|append|is_closed)(?:$|\())"
)
_ANY = rf"{_QUIET}\w+"
_CHAIN = r"(?:\w+\.)*"
# What an AWS client is asked for; the answers are plain dictionaries.
_AWS = (
    r"(?:get_paginator\(\)\.paginate|get_waiter\(\)\.wait|(?!(?:meta|exceptions|get_paginator"
    rf"|get_waiter|can_paginate|generate_presigned_\w+)\b){_ANY})"
)
_REDIS = rf"(?:pipeline\(\)\.execute|lock\(\)\.acquire|{_ANY})"

# What a bot's objects do through the API of the chat.
_SAYS = r"(?:send|edit|delete|copy|forward|answer|reply|pin|unpin|ban|kick|approve|decline|get_chat|get_file|get_me|respond|defer|followup|fetch|add_reaction)(?:_\w+)?"
_DISCORD = (
    (
        rf"(?:Interaction|Message|TextChannel|Member|User|Thread|Webhook|Guild|DMChannel)\(\)\.(?:\w+\.)*{_SAYS}",
        "waiting",
    ),
    (rf"ext\.commands\.Context\(\)\.(?:\w+\.)*{_SAYS}", "waiting"),
    (rf"ApplicationContext\(\)\.(?:\w+\.)*{_SAYS}", "waiting"),
)

TABLE: dict[str, tuple[tuple[str, str], ...]] = {
    "requests": (
        (_VERBS, BLOCKING),
        (rf"(?:sessions\.)?[sS]ession\(\)\.{_VERBS}", BLOCKING),
        (rf"api\.{_VERBS}", BLOCKING),
    ),
    "httpx": ((_VERBS, BLOCKING), (rf"Client\(\)\.{_VERBS}", BLOCKING),
              (rf"AsyncClient\(\)\.{_VERBS}", WAITING)),
    "aiohttp": ((r"request", WAITING),
                (rf"(?:client\.)?ClientSession\(\)\.(?:{_VERBS}|ws_connect)", WAITING)),
    "urllib": ((r"request\.(?:urlopen|urlretrieve)", BLOCKING),
               (r"request\.build_opener\(\)\.open", BLOCKING)),
    "urllib3": ((r"request", BLOCKING), (r"(?:PoolManager|ProxyManager|HTTPS?ConnectionPool)\(\)\.(?:request|urlopen)", BLOCKING)),
    "boto3": ((rf"{_CHAIN}(?:[sS]ession\(\)\.)?client\(\)\.{_AWS}", BLOCKING),
              (rf"{_CHAIN}(?:[sS]ession\(\)\.)?resource\(\)\.(?:meta\.client\.{_AWS}|(?:[A-Z]\w*\(\)\.)*(?:objects\.)?(?!meta\b)[a-z]\w*)", BLOCKING)),
    "botocore": ((rf".*create_client\(\)\.{_AWS}", BLOCKING),),
    "aioboto3": ((rf".*(?:client|resource)\(\)\.{_CHAIN}{_ANY}", WAITING),),
    "aiobotocore": ((rf".*create_client\(\)\.{_CHAIN}{_ANY}", WAITING),),
    "smtplib": ((r"(?:SMTP|SMTP_SSL|LMTP)\(\)\.(?:connect|login|sendmail|send_message|starttls|ehlo|helo|quit|data|rcpt|mail)", BLOCKING),
                (r"(?:SMTP|SMTP_SSL|LMTP)", BLOCKING)),
    "aiosmtplib": ((r"send", WAITING), (r"SMTP\(\)\.(?:connect|login|sendmail|send_message|starttls|ehlo|quit)", WAITING)),
    "redis": ((rf"asyncio\.(?:client\.|cluster\.)?(?:Redis|StrictRedis|RedisCluster)(?:\.from_url)?\(\)\.{_REDIS}", WAITING),
              (rf"asyncio\.from_url\(\)\.{_REDIS}", WAITING),
              (rf"(?:client\.|cluster\.)?(?:Redis|StrictRedis|RedisCluster)(?:\.from_url)?\(\)\.{_REDIS}", BLOCKING),
              (rf"from_url\(\)\.{_REDIS}", BLOCKING)),
    "aioredis": ((rf"(?:Redis|StrictRedis|from_url|create_redis\w*|Redis\.from_url)\(\)\.{_ANY}", WAITING),
                 (r"create_redis\w*|create_connection", WAITING)),
    "kafka": ((r"(?:KafkaProducer|KafkaConsumer|KafkaAdminClient|KafkaClient)\(\)\.(?:send|flush|poll|create_topics|commit|seek|send\(\)\.get)", BLOCKING),),
    "aiokafka": ((r"AIOKafka\w+\(\)\.(?:start|stop|send|send_and_wait|send_batch|flush|getone|getmany|commit|__anext__)", WAITING),),
    "confluent_kafka": ((r"(?:\w+\.)*(?:Producer|SerializingProducer|Consumer)\(\)\.(?:flush|poll|consume|commit)", BLOCKING),),
    "pika": ((r"BlockingConnection", BLOCKING),
             (r"BlockingConnection\(\)\.(?:channel\(\)\.)?(?:basic_\w+|queue_declare|exchange_declare|start_consuming|sleep|process_data_events)", BLOCKING)),
    "aio_pika": ((rf"(?:connect|connect_robust)(?:\(\)\.{_CHAIN}.*)?", WAITING),),
    "aiormq": ((r"connect(?:\(\)\..*)?", WAITING),),
    "openai": ((rf"(?:lib\.azure\.)?Async(?:Azure)?OpenAI\(\)\.{_CHAIN}{_ANY}", WAITING),
               (rf"(?:lib\.azure\.)?(?:Azure)?(?:OpenAI|Client)\(\)\.{_CHAIN}{_ANY}", BLOCKING),
               (r"[A-Z]\w+\.acreate", WAITING), (r"[A-Z]\w+\.create", BLOCKING),
               (r"(?:chat|completions|embeddings|images|audio)\.(?:\w+\.)*\w+", BLOCKING)),
    "anthropic": ((rf"Async\w*Anthropic\w*\(\)\.{_CHAIN}{_ANY}", WAITING),
                  (rf"(?:Anthropic\w*|Client)\(\)\.{_CHAIN}{_ANY}", BLOCKING)),
    "stripe": ((r"(?:\w+\.)*\w+_async", WAITING),
               (r"(?:\w+\.)*[A-Z]\w*\.(?:create|retrieve|modify|list|delete|cancel|confirm|capture|refund|search|pay|finalize_invoice|send_invoice|void_invoice|auto_paging_iter|attach|detach)", BLOCKING),
               (r"StripeClient\(\)\.(?:\w+\.)+\w+", BLOCKING)),
    "subprocess": ((r"run|call|check_call|check_output|getoutput|getstatusoutput", BLOCKING),
                   (r"Popen\(\)\.(?:wait|communicate)", BLOCKING)),
    "os": ((r"system|popen|wait|waitpid|spawnl\w*|spawnv\w*", BLOCKING),),
    "time": ((r"sleep", BLOCKING),),
    "asyncio": ((r"sleep", WAITING), (r"create_subprocess_(?:exec|shell)", WAITING),
                (r"create_subprocess_(?:exec|shell)\(\)\.(?:wait|communicate)", WAITING),
                (r"open_connection", WAITING)),
    "anyio": ((r"sleep|run_process|open_process|connect_tcp", WAITING),),
    "trio": ((r"sleep|run_process|open_tcp_stream", WAITING),),
    "gevent": ((r"sleep", BLOCKING),),
    "socket": ((r"create_connection|gethostbyname|getaddrinfo", BLOCKING),
               (r"socket\(\)\.(?:connect|recv|recv_into|sendall|send|accept)", BLOCKING)),
    "paramiko": ((r"(?:client\.)?SSHClient\(\)\.(?:connect|exec_command|open_sftp(?:\(\)\.\w+)?)", BLOCKING),),
    "asyncssh": ((r"connect|run|scp|connect\(\)\.\w+", WAITING),),
    "ftplib": ((r"FTP(?:_TLS)?(?:\(\)\.\w+)?", BLOCKING),),
    "imaplib": ((r"IMAP4(?:_SSL)?(?:\(\)\.\w+)?", BLOCKING),),
    "poplib": ((r"POP3(?:_SSL)?(?:\(\)\.\w+)?", BLOCKING),),
    "sendgrid": ((r"SendGridAPIClient\(\)\.(?:send|client\..*)", BLOCKING),),
    "twilio": ((r"rest\.Client\(\)\.(?:\w+\.)*\w+", BLOCKING),),
    "elasticsearch": ((rf"Async\w+\(\)\.{_CHAIN}{_ANY}", WAITING), (rf"Elasticsearch\(\)\.{_CHAIN}{_ANY}", BLOCKING)),
    "opensearchpy": ((rf"Async\w+\(\)\.{_CHAIN}{_ANY}", WAITING), (rf"OpenSearch\(\)\.{_CHAIN}{_ANY}", BLOCKING)),
    "motor": ((r"motor_asyncio\.\w+\(\)\.(?:\w+\.)*(?:find_one|insert_\w+|update_\w+|delete_\w+|replace_one|count_documents|aggregate)", WAITING),),
    "google": ((rf".*Async\w*\(\)\.{_CHAIN}{_ANY}", WAITING),
               (r".*GenerativeModel\(\)\.generate_content_async", WAITING),
               (r".*GenerativeModel\(\)\.generate_content", BLOCKING),
               (r"genai\.Client\(\)\.aio\.(?:\w+\.)*\w+", WAITING),
               (r"genai\.Client\(\)\.models\.\w+", BLOCKING),
               (r"cloud\.(?:\w+\.)*\w*Client\(\)\.(?:publish\(\)\.result|upload_\w+|download_\w+|query|query\(\)\.result|get_bucket|access_secret_version)", BLOCKING),
               (r"cloud\.storage\.Client\(\)\.bucket\(\)\.blob\(\)\.(?:upload|download)_\w+", BLOCKING)),
    "minio": ((r"Minio\(\)\.(?!(?:presigned_\w+)$)\w+", BLOCKING),),
    "litellm": ((r"a(?:completion|embedding|text_completion|image_generation|responses)", WAITING),
                (r"completion|embedding|text_completion|image_generation|responses", BLOCKING)),
    "ollama": ((r"AsyncClient\(\)\.\w+", WAITING), (r"(?:Client\(\)\.)?(?:chat|generate|embed\w*|pull)", BLOCKING)),
    "groq": ((rf"AsyncGroq\(\)\.{_CHAIN}{_ANY}", WAITING), (rf"Groq\(\)\.{_CHAIN}{_ANY}", BLOCKING)),
    "cohere": ((r"AsyncClient\w*\(\)\.\w+", WAITING), (r"Client\w*\(\)\.\w+", BLOCKING)),
    "mistralai": ((r".*_async", WAITING), (r".*\(\)\.(?:\w+\.)*(?:complete|stream|create)", BLOCKING)),
    "slack_sdk": ((r".*Async\w+\(\)\.\w+", WAITING), (r".*(?:WebClient|WebhookClient)\(\)\.(?:chat_\w+|files_\w+|api_call|send\w*|conversations_\w+|users_\w+)", BLOCKING)),
    "aiogram": ((rf"(?:types\.)?(?:Message|CallbackQuery|InlineQuery|ChatJoinRequest|PreCheckoutQuery)\(\)\.{_SAYS}", WAITING),
                (rf"(?:types\.)?(?:Message|CallbackQuery|InlineQuery)\(\)\.(?:message|bot)\.{_SAYS}", WAITING),
                (rf"(?:client\.(?:bot\.)?)?Bot\(\)\.{_SAYS}", WAITING)),
    "telegram": ((rf"(?:ext\.)?(?:Ext)?Bot\(\)\.{_SAYS}", EITHER),
                 (rf"Update\(\)\.(?:\w+\.)*{_SAYS}", EITHER),
                 (rf"ext\.(?:CallbackContext|ContextTypes\.\w+)\(\)\.bot\.{_SAYS}", EITHER)),
    "discord": _DISCORD, "disnake": _DISCORD, "nextcord": _DISCORD,
    "fastapi_mail": ((r"FastMail\(\)\.send_\w+", WAITING),),
    "websockets": ((r"connect(?:\(\)\.(?:send|recv))?", WAITING),),
    "nats": ((r"connect(?:\(\)\..*)?", WAITING),),
    "hvac": ((r"Client\(\)\.(?:\w+\.)+\w+", BLOCKING),),
    "ldap3": ((r"Connection\(\)\.(?:bind|search|add|modify|delete)", BLOCKING),),
    "xmlrpc": ((r"client\.ServerProxy\(\)\.\w+", BLOCKING),),
    "zeep": ((r"Client\(\)\.service\.\w+", BLOCKING),),
    "langchain": ((r".*\.(?:ainvoke|abatch|astream|astream_events|agenerate|apredict|arun|acall)", WAITING),
                  (r".*\(\)\.(?:invoke|batch|generate|predict|run)", BLOCKING)),
    "celery": ((r".*\(\)\.(?:delay|apply_async|send_task)\(\)\.(?:get|wait|join)", BLOCKING),
               (r"result\.AsyncResult\(\)\.(?:get|wait)", BLOCKING)),
    "grpc": ((r"aio\..*\(\)\.\w+", WAITING),),
}  # fmt: skip
TABLE["langchain_openai"] = TABLE["langchain_anthropic"] = TABLE["langchain_core"] = TABLE[
    "langchain"
]
TABLE["langgraph"] = TABLE["langchain_community"] = TABLE["langchain_google_genai"] = TABLE[
    "langchain"
]

# Objects made of these are clients already: their constructors do nothing slow.
_STUB = re.compile(r"(?:\w+\.)*\w*_pb2_grpc\.\w+Stub\(\)\.\w+")
# What sends letters and messages, by the name of its class, should nobody see the class itself.
_SENDER = re.compile(r"(?:\w+\.)+\w*(?:Mailer|(?:Mail|Email|Sms|SMS)(?:Service|Sender|Client))\(\)"
                     r"\.(?:send|deliver)\w*")  # fmt: skip
# Methods that only the models and agents of LangChain and LangGraph have, however they were made.
AGENT_METHODS = frozenset(("ainvoke", "abatch", "astream_events"))
# Methods that send a task to a worker, whoever the receiver is: what they return can be waited for.
RESULT_METHODS = ("delay", "apply_async", "send_task")


@lru_cache(maxsize=4096)
def style_of(path: str) -> str | None:
    """Whether calling ``path`` leaves the process.

    Args:
        path: a dotted path, ``()`` for each call in it.

    Returns:
        BLOCKING, WAITING or EITHER; None for a call that is local or not known.
    """
    root, _, rest = path.partition(".")
    for pattern, style in TABLE.get(root, ()):
        if re.fullmatch(pattern, rest):
            return style
    if "(" in path and path.rpartition(".")[2] in AGENT_METHODS:
        return WAITING
    return EITHER if _STUB.fullmatch(path) else None


def sends_mail(path: str) -> bool:
    """Whether a method is presumed to send a message, by the names of its class and of itself."""
    return _SENDER.fullmatch(path) is not None


# Functions that run what they are given, and give its result.
RUNNERS = frozenset(
    ("asyncio.gather", "asyncio.wait_for", "asyncio.shield", "asyncio.wait", "asyncio.create_task",
     "asyncio.ensure_future", "asyncio.as_completed", "asyncio.run", "asyncio.timeout",
     "asyncio.run_coroutine_threadsafe", "asyncio.get_event_loop().create_task",
     "asyncio.get_running_loop().create_task", "asyncio.get_event_loop().run_until_complete",
     "asyncio.new_event_loop().run_until_complete", "asyncio.TaskGroup().create_task",
     "anyio.create_task_group().start_soon", "anyio.fail_after", "anyio.move_on_after",
     "anyio.run", "async_timeout.timeout")
)  # fmt: skip
# Those that wait for it themselves, or whose block does at its end.
FINISHERS = frozenset(
    ("asyncio.run", "anyio.run", "asyncio.get_event_loop().run_until_complete",
     "asyncio.new_event_loop().run_until_complete", "asyncio.TaskGroup().create_task",
     "anyio.create_task_group().start_soon")
)  # fmt: skip
# Functions that run a sync function in a thread: the loop goes on, the connection stays held.
THREAD_RUNNERS = frozenset(
    ("asyncio.to_thread", "anyio.to_thread.run_sync", "starlette.concurrency.run_in_threadpool",
     "fastapi.concurrency.run_in_threadpool", "asgiref.sync.sync_to_async()",
     "asyncio.get_event_loop().run_in_executor", "asyncio.get_running_loop().run_in_executor")
)  # fmt: skip
# Awaited functions of these packages are local or known to the table above.
LOCAL_ROOTS = frozenset(
    ("asyncio", "anyio", "trio", "contextlib", "inspect", "functools", "itertools", "sqlalchemy",
     "sqlmodel", "asyncpg", "fastapi", "starlette", "litestar", "typing", "logging", "uuid",
     "datetime", "json", "os", "sys", "time", "random", "math", "re", "collections", "builtins",
     "pytest", "aiofiles", "greenlet", "sniffio", "tenacity", "prometheus_client", "structlog",
     "loguru", "opentelemetry", "pydantic", "sqlalchemy_utils", "fastapi_pagination",
     "fastapi_users", "fastapi_cache", "strawberry", "graphene", "ariadne", "quart", "sanic",
     "asgi_lifespan", "alembic", "sentry_sdk")
)  # fmt: skip

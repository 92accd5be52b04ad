"""Web frameworks, task queues and commands: which functions run once, which for every request."""

from __future__ import annotations

# Roles of a function.
HANDLER = "request handler"
DEPENDENCY = "dependency"
MIDDLEWARE = "middleware"
TASK = "task"
WEBSOCKET = "websocket handler"
WRAPPER = "decorator's wrapper"
STARTUP = "start-up hook"
LIFESPAN = "lifespan"
TEST = "test"
SCRIPT = "command"
PROGRAM = "program"
MIGRATION = "migration"
CACHED = "cached"

PER_REQUEST = frozenset((HANDLER, DEPENDENCY, MIDDLEWARE, TASK, WEBSOCKET, WRAPPER))
ONCE = frozenset((STARTUP, LIFESPAN, CACHED))
QUIET = frozenset((TEST, SCRIPT, PROGRAM, MIGRATION))

# What makes a context manager of a generator.
MANAGER_DECORATORS = frozenset(("contextmanager", "asynccontextmanager"))

# Methods of an application or router that make a handler of what they decorate.
ROUTE_DECORATORS = {
    "get": HANDLER, "post": HANDLER, "put": HANDLER, "patch": HANDLER, "delete": HANDLER,
    "head": HANDLER, "options": HANDLER, "trace": HANDLER, "route": HANDLER,
    "api_route": HANDLER, "websocket": WEBSOCKET, "websocket_route": WEBSOCKET,
    "websocket_stream": WEBSOCKET, "websocket_listener": WEBSOCKET,
    "view": HANDLER, "action": HANDLER, "endpoint": HANDLER,
    "middleware": MIDDLEWARE, "before_request": MIDDLEWARE, "after_request": MIDDLEWARE,
    "teardown_request": MIDDLEWARE, "before_app_request": MIDDLEWARE,
    "on_request": MIDDLEWARE, "on_response": MIDDLEWARE, "exception_handler": HANDLER,
    "errorhandler": HANDLER,
}  # fmt: skip
# These need a path as first argument unless the receiver is known to be an application.
VERBS = frozenset(("get", "post", "put", "patch", "delete", "head", "options", "route", "view",
                   "websocket", "api_route", "trace"))  # fmt: skip
# Decorators that make a handler by themselves (Litestar, Robyn ...): qualified names.
HANDLER_DECORATORS = {
    **{f"litestar.{verb}": HANDLER for verb in ("get", "post", "put", "patch", "delete", "head", "route")},
    **{f"litestar.handlers.{verb}": HANDLER for verb in ("get", "post", "put", "patch", "delete", "head", "route")},
    "litestar.websocket": WEBSOCKET, "litestar.websocket_listener": WEBSOCKET,
    "litestar.handlers.websocket": WEBSOCKET, "litestar.handlers.websocket_listener": WEBSOCKET,
    "starlite.get": HANDLER, "starlite.post": HANDLER, "starlite.put": HANDLER,
    "starlite.patch": HANDLER, "starlite.delete": HANDLER,
    "starlette.requires": HANDLER,
    "rest_framework.decorators.api_view": HANDLER, "strawberry.field": HANDLER,
    "strawberry.mutation": HANDLER,
    "functions_framework.http": HANDLER, "functions_framework.cloud_event": HANDLER,
}  # fmt: skip
TASK_DECORATORS = frozenset(("task", "shared_task", "periodic_task", "actor", "job", "cron",
                             "huey_task", "db_task", "db_periodic_task", "subscriber", "subscribe",
                             "agent", "timer"))  # fmt: skip
TASK_ORIGINS = frozenset(("celery", "dramatiq", "taskiq", "huey", "rq", "arq", "procrastinate", "faust",
                          "faststream", "django_rq", "taskiq_redis", "taskiq_nats",
                          "taskiq_aio_pika"))  # fmt: skip
BOT_DECORATORS = frozenset(("message", "callback_query", "inline_query", "message_handler",
                            "callback_query_handler", "slash_command", "hybrid_command",
                            "edited_message", "chat_member"))  # fmt: skip
# Libraries of chat bots: nearly everything that they decorate runs for every message.
BOT_ORIGINS = frozenset(("discord", "disnake", "nextcord", "aiogram", "telebot", "pyrogram", "telethon",
                         "slack_bolt", "twitchio", "vkbottle", "hikari", "lightbulb"))  # fmt: skip
# Those that are all alike, and what they register.
DISCORD_LIBRARIES = frozenset(("discord", "disnake", "nextcord"))
BOT_COMMANDS = frozenset(("command", "hybrid_command", "group", "hybrid_group"))
BOT_LISTENERS = frozenset(("listener", "event", "listen"))
# What an event is about.
BOT_SUBJECTS = {
    "on_message": "Message", "on_message_delete": "Message", "on_member_join": "Member",
    "on_member_remove": "Member", "on_command_error": "ext.commands.Context",
    "on_command": "ext.commands.Context",
}  # fmt: skip
# What aiogram's observers hand on.
AIOGRAM_SUBJECTS = {
    "message": "Message", "edited_message": "Message", "message_handler": "Message",
    "callback_query": "CallbackQuery", "callback_query_handler": "CallbackQuery",
}  # fmt: skip
BOT_EVENTS = {
    **dict.fromkeys(("command", "group", "hybrid_group", "event", "listen", "listener", "on",
                     "on_message", "on_callback_query", "on_inline_query", "user_command", "message_command", "context_menu", "button",
                     "select", "action", "shortcut", "view", "error", "errors"), HANDLER),
    "loop": TASK,
}  # fmt: skip
# Events that say that a bot has come up.
BOT_STARTUPS = frozenset(("on_ready", "on_connect", "on_startup", "setup_hook", "on_shard_ready",
                          "on_resumed", "event_ready"))  # fmt: skip
STARTUP_DECORATORS = frozenset(
    ("on_event", "on_startup", "on_shutdown", "before_serving", "after_serving", "while_serving",
     "listener", "before_server_start", "after_server_stop", "main_process_start",
     "before_first_request", "cli", "startup", "shutdown", "after_server_start",
     "before_server_stop", "asynccontextmanager_lifespan")
)  # fmt: skip
CACHE_DECORATORS = frozenset(("lru_cache", "cache", "cached_property", "cached", "alru_cache", "memoize",
                              "singleton", "once", "async_cache", "Singleton", "cachedmethod",
                              "run_once"))  # fmt: skip
COMMAND_DECORATORS = frozenset(("command", "group", "callback"))
COMMAND_ORIGINS = frozenset(("click", "typer", "flask", "asyncclick", "cyclopts", "rich_click", "invoke",
                             "quart", "fire"))  # fmt: skip
# Whatever these decorate is a command, or a part of one.
COMMAND_LIBRARIES = frozenset(("click", "typer", "asyncclick", "rich_click"))
TEST_DECORATORS = frozenset(("fixture", "async_fixture", "yield_fixture", "parametrize", "mark"))
# Calls that make a handler of one of their arguments: method name -> role.
REGISTRARS = {
    "add_api_route": HANDLER, "add_api_websocket_route": WEBSOCKET, "add_url_rule": HANDLER,
    "add_route": HANDLER, "add_websocket_route": WEBSOCKET, "add_get": HANDLER,
    "add_post": HANDLER, "add_put": HANDLER, "add_patch": HANDLER, "add_delete": HANDLER,
    "add_view": HANDLER, "add_middleware": MIDDLEWARE, "add_task": TASK,
    "add_job": TASK, "register_listener": STARTUP, "add_event_handler": STARTUP,
}  # fmt: skip
# Constructors that make a handler of one of their arguments: last word -> role.
REGISTERING_CLASSES = {
    "Route": HANDLER, "APIRoute": HANDLER, "WebSocketRoute": WEBSOCKET,
    "APIWebSocketRoute": WEBSOCKET, "CommandHandler": HANDLER, "MessageHandler": HANDLER,
    "CallbackQueryHandler": HANDLER, "InlineQueryHandler": HANDLER,
}  # fmt: skip
# The first FastAPI that looks behind decorators for a dependency's generator.
UNWRAPPING_FASTAPI = (0, 123, 5)
# From the first to the second, what stands behind a dependency's ``yield`` ran before the response.
EARLY_EXIT_FASTAPI = (0, 106)
LATE_EXIT_FASTAPI = (0, 118)
DEPENDENCY_MARKERS = frozenset(("Depends", "Security", "Provide", "Injected", "Dependency"))
# Base classes whose methods run for every request: last word -> methods ("" for the verbs).
HANDLER_BASES = {
    "MethodView": HANDLER, "View": HANDLER, "HTTPEndpoint": HANDLER, "WebSocketEndpoint": WEBSOCKET,
    "RequestHandler": HANDLER, "HTTPMethodView": HANDLER, "Resource": HANDLER, "APIView": HANDLER,
    "BaseHTTPMiddleware": MIDDLEWARE, "AbstractMiddleware": MIDDLEWARE, "BaseMiddleware": MIDDLEWARE,
}  # fmt: skip
# What the name of a class ends in that a gRPC server calls for every message.
SERVICER = "Servicer"
# Classes that list the tasks of a worker, and the attributes that do.
WORKER_CLASSES = ("WorkerSettings", "ArqSettings", "Worker")
WORKER_LISTS = {"functions": TASK, "cron_jobs": TASK, "on_startup": STARTUP, "on_shutdown": STARTUP}
HANDLER_METHODS = frozenset(
    ("get", "post", "put", "patch", "delete", "head", "options", "dispatch", "on_connect",
     "on_receive", "on_disconnect", "dispatch_request", "__call__", "open", "on_message", "prepare")
)  # fmt: skip
# Keyword arguments that name a function which runs once, or for every request.
ROLE_KEYWORDS = {
    "lifespan": LIFESPAN, "on_startup": STARTUP, "on_shutdown": STARTUP, "startup": STARTUP,
    "shutdown": STARTUP, "endpoint": HANDLER, "view_func": HANDLER, "after_startup": STARTUP,
}  # fmt: skip
APPLICATION_ROOTS = frozenset(
    ("fastapi", "starlette", "flask", "quart", "sanic", "aiohttp", "litestar", "bottle", "falcon",
     "blacksheep", "robyn", "esmerald", "muffin", "pyramid", "tornado", "flask_restx",
     "flask_smorest", "apiflask", "fastapi_utils", "ninja", "chalice", "aws_lambda_powertools")
)  # fmt: skip
# A program that imports one of these listens for as long as it is up: a service, not a command.
LISTENERS = frozenset(
    ("aiokafka.AIOKafkaConsumer", "kafka.KafkaConsumer", "confluent_kafka.Consumer",
     "aiogram.Dispatcher", "discord.ext.commands", "discord.Client", "aio_pika.connect_robust")
)  # fmt: skip

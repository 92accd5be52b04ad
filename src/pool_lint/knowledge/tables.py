"""What the libraries accept, release by release; written by ``tools/generate_knowledge.py``.

Each row says of which kind and name it is, for which releases of SQLAlchemy it holds (``*`` for
all of them), and then the words.
"""

from __future__ import annotations

VERSIONS = ("1.4", "2.0", "2.1")

TEXT = """\
adapted asyncpg *: prepared_statement_cache_size
adapted asyncpg 1.4,2.0: async_fallback
adapted asyncpg 2.0,2.1: async_creator_fn prepared_statement_name_func
asyncpg connect *: command_timeout connection_class database direct_tls dsn gsslib host krbsrvname
  loop max_cacheable_statement_size max_cached_statement_lifetime passfile password port
  record_class server_settings service servicefile ssl statement_cache_size target_session_attrs
  timeout user
asyncpg create_pool *: command_timeout connect connection_class database direct_tls dsn gsslib host
  init init_size krbsrvname loop max_cacheable_statement_size max_cached_statement_lifetime
  max_inactive_connection_lifetime max_queries max_size min_size passfile password port
  record_class reset server_settings service servicefile setup ssl statement_cache_size
  target_session_attrs timeout user
coroutines AsyncConnection *: close commit exec_driver_sql execute execution_options
  get_isolation_level get_raw_connection invalidate rollback run_sync scalar scalars start
coroutines AsyncConnection 2.0,2.1: aclose
coroutines AsyncConnection 1.4: set_isolation_level stream stream_scalars
coroutines AsyncEngine *: dispose raw_connection
coroutines AsyncMappingResult *: all close fetchall fetchmany fetchone first one one_or_none
coroutines AsyncResult *: all close fetchmany fetchone first freeze one one_or_none scalar
  scalar_one scalar_one_or_none
coroutines AsyncResult 2.0,2.1: fetchall
coroutines AsyncScalarResult *: all close fetchall fetchmany first one one_or_none
coroutines AsyncSession *: close commit connection delete execute flush get invalidate merge
  refresh rollback run_sync scalar scalars stream stream_scalars
coroutines AsyncSession 2.0,2.1: aclose get_one reset
coroutines AsyncSession 2.1: delete_all merge_all
coroutines AsyncSessionTransaction *: commit rollback start
coroutines AsyncTransaction *: close commit rollback start
coroutines async_scoped_session *: close commit connection delete execute flush get invalidate
  merge refresh remove rollback scalar scalars stream stream_scalars
coroutines async_scoped_session 2.0,2.1: aclose get_one reset
coroutines async_scoped_session 2.1: delete_all merge_all
dialect common *: compiler_linting dbapi implicit_returning label_length max_identifier_length
  paramstyle server_side_cursors supports_native_boolean
dialect common 2.0,2.1: insertmanyvalues_page_size isolation_level skip_autocommit_rollback
  use_insertmanyvalues
dialect common 1.4: case_sensitive convert_unicode encoding
dialect firebird 1.4: concurrency_level enable_rowcount retaining type_conv
dialect firebird+fdb 1.4: concurrency_level enable_rowcount retaining type_conv
dialect firebird+kinterbasdb 1.4: concurrency_level enable_rowcount retaining type_conv
dialect mariadb *: is_mariadb json_deserializer json_serializer
dialect mariadb 1.4: isolation_level
dialect mariadb+aiomysql *: is_mariadb json_deserializer json_serializer
dialect mariadb+aiomysql 1.4: isolation_level
dialect mariadb+asyncmy *: is_mariadb json_deserializer json_serializer
dialect mariadb+asyncmy 1.4: isolation_level
dialect mariadb+cymysql *: is_mariadb json_deserializer json_serializer
dialect mariadb+cymysql 1.4: isolation_level
dialect mariadb+mariadbconnector *: is_mariadb json_deserializer json_serializer
dialect mariadb+mariadbconnector 1.4: isolation_level
dialect mariadb+mysqlconnector *: is_mariadb json_deserializer json_serializer
dialect mariadb+mysqlconnector 1.4: isolation_level
dialect mariadb+mysqldb *: is_mariadb json_deserializer json_serializer
dialect mariadb+mysqldb 1.4: isolation_level
dialect mariadb+oursql 1.4: is_mariadb isolation_level json_deserializer json_serializer
dialect mariadb+pymysql *: is_mariadb json_deserializer json_serializer
dialect mariadb+pymysql 1.4: isolation_level
dialect mariadb+pyodbc *: is_mariadb json_deserializer json_serializer use_setinputsizes
dialect mariadb+pyodbc 1.4: isolation_level supports_unicode_binds
dialect mssql *: deprecate_large_types fast_executemany ignore_no_transaction_on_rollback
  json_deserializer json_serializer legacy_schema_aliasing query_timeout schema_name
  use_scope_identity use_setinputsizes
dialect mssql 2.0,2.1: supports_comments
dialect mssql 1.4: description_encoding isolation_level supports_unicode_binds
dialect mssql+aioodbc 2.0,2.1: deprecate_large_types fast_executemany
  ignore_no_transaction_on_rollback json_deserializer json_serializer legacy_schema_aliasing
  query_timeout schema_name supports_comments use_scope_identity use_setinputsizes
dialect mssql+mssqlpython 2.1: deprecate_large_types enable_pooling
  ignore_no_transaction_on_rollback json_deserializer json_serializer legacy_schema_aliasing
  query_timeout schema_name supports_comments use_scope_identity
dialect mssql+mxodbc 1.4: deprecate_large_types description_encoding
  ignore_no_transaction_on_rollback isolation_level json_deserializer json_serializer
  legacy_schema_aliasing query_timeout schema_name use_scope_identity
dialect mssql+pymssql *: deprecate_large_types ignore_no_transaction_on_rollback json_deserializer
  json_serializer legacy_schema_aliasing query_timeout schema_name use_scope_identity
dialect mssql+pymssql 2.0,2.1: supports_comments
dialect mssql+pymssql 1.4: isolation_level
dialect mssql+pyodbc *: deprecate_large_types fast_executemany ignore_no_transaction_on_rollback
  json_deserializer json_serializer legacy_schema_aliasing query_timeout schema_name
  use_scope_identity use_setinputsizes
dialect mssql+pyodbc 2.0,2.1: supports_comments
dialect mssql+pyodbc 1.4: description_encoding isolation_level supports_unicode_binds
dialect mysql *: is_mariadb json_deserializer json_serializer
dialect mysql 1.4: isolation_level
dialect mysql+aiomysql *: is_mariadb json_deserializer json_serializer
dialect mysql+aiomysql 1.4: isolation_level
dialect mysql+asyncmy *: is_mariadb json_deserializer json_serializer
dialect mysql+asyncmy 1.4: isolation_level
dialect mysql+cymysql *: is_mariadb json_deserializer json_serializer
dialect mysql+cymysql 1.4: isolation_level
dialect mysql+mariadbconnector *: is_mariadb json_deserializer json_serializer
dialect mysql+mariadbconnector 1.4: isolation_level
dialect mysql+mysqlconnector *: is_mariadb json_deserializer json_serializer
dialect mysql+mysqlconnector 1.4: isolation_level
dialect mysql+mysqldb *: is_mariadb json_deserializer json_serializer
dialect mysql+mysqldb 1.4: isolation_level
dialect mysql+oursql 1.4: is_mariadb isolation_level json_deserializer json_serializer
dialect mysql+pymysql *: is_mariadb json_deserializer json_serializer
dialect mysql+pymysql 1.4: isolation_level
dialect mysql+pyodbc *: is_mariadb json_deserializer json_serializer use_setinputsizes
dialect mysql+pyodbc 1.4: isolation_level supports_unicode_binds
dialect oracle *: arraysize auto_convert_lobs coerce_to_decimal encoding_errors exclude_tablespaces
  optimize_limits use_ansi use_binds_for_limits use_nchar_for_unicode
dialect oracle 1.4,2.0: threaded
dialect oracle 2.0,2.1: enable_offset_fetch
dialect oracle 1.4: coerce_to_unicode
dialect oracle 2.1: json_deserializer json_serializer thick_mode
dialect oracle+cx_oracle *: arraysize auto_convert_lobs coerce_to_decimal encoding_errors
  exclude_tablespaces optimize_limits use_ansi use_binds_for_limits use_nchar_for_unicode
dialect oracle+cx_oracle 1.4,2.0: threaded
dialect oracle+cx_oracle 2.0,2.1: enable_offset_fetch
dialect oracle+cx_oracle 1.4: coerce_to_unicode
dialect oracle+cx_oracle 2.1: json_deserializer json_serializer
dialect oracle+oracledb 2.0,2.1: arraysize auto_convert_lobs coerce_to_decimal enable_offset_fetch
  encoding_errors exclude_tablespaces optimize_limits thick_mode use_ansi use_binds_for_limits
  use_nchar_for_unicode
dialect oracle+oracledb 2.0: threaded
dialect oracle+oracledb 2.1: json_deserializer json_serializer
dialect oracle+oracledb_async 2.0,2.1: arraysize auto_convert_lobs coerce_to_decimal
  enable_offset_fetch encoding_errors exclude_tablespaces optimize_limits thick_mode use_ansi
  use_binds_for_limits use_nchar_for_unicode
dialect oracle+oracledb_async 2.0: threaded
dialect oracle+oracledb_async 2.1: json_deserializer json_serializer
dialect postgresql *: client_encoding json_deserializer json_serializer use_native_hstore
dialect postgresql 1.4,2.0: executemany_batch_page_size executemany_mode
dialect postgresql 2.0,2.1: native_inet_types
dialect postgresql 1.4: executemany_values_page_size isolation_level use_native_unicode
  use_native_uuid
dialect postgresql+asyncpg *: json_deserializer json_serializer
dialect postgresql+asyncpg 2.0,2.1: native_inet_types
dialect postgresql+asyncpg 1.4: isolation_level
dialect postgresql+pg8000 *: client_encoding json_deserializer json_serializer
dialect postgresql+pg8000 2.0,2.1: native_inet_types
dialect postgresql+pg8000 1.4: isolation_level
dialect postgresql+psycopg 2.0,2.1: client_encoding json_deserializer json_serializer
  native_inet_types use_native_hstore
dialect postgresql+psycopg2 *: client_encoding executemany_batch_page_size executemany_mode
  json_deserializer json_serializer use_native_hstore
dialect postgresql+psycopg2 2.0,2.1: native_inet_types
dialect postgresql+psycopg2 1.4: executemany_values_page_size isolation_level use_native_unicode
  use_native_uuid
dialect postgresql+psycopg2cffi *: client_encoding executemany_batch_page_size executemany_mode
  json_deserializer json_serializer use_native_hstore
dialect postgresql+psycopg2cffi 2.0,2.1: native_inet_types
dialect postgresql+psycopg2cffi 1.4: executemany_values_page_size isolation_level
  use_native_unicode use_native_uuid
dialect postgresql+psycopg_async 2.0,2.1: client_encoding json_deserializer json_serializer
  native_inet_types use_native_hstore
dialect postgresql+pygresql 1.4: isolation_level json_deserializer json_serializer
dialect postgresql+pypostgresql 1.4: isolation_level json_deserializer json_serializer
dialect sqlite *: json_deserializer json_serializer native_datetime
dialect sqlite 1.4: isolation_level
dialect sqlite+aiosqlite *: json_deserializer json_serializer native_datetime
dialect sqlite+aiosqlite 1.4: isolation_level
dialect sqlite+pysqlcipher *: json_deserializer json_serializer native_datetime
dialect sqlite+pysqlcipher 1.4: isolation_level
dialect sqlite+pysqlite *: json_deserializer json_serializer native_datetime
dialect sqlite+pysqlite 1.4: isolation_level
dialect sybase 1.4: supports_unicode_binds use_setinputsizes
dialect sybase+pyodbc 1.4: supports_unicode_binds use_setinputsizes
engine create_async_engine *: connect_args creator echo empty_in_strategy enable_from_linting
  execution_options future hide_parameters logging_name module plugins pool poolclass
  query_cache_size strategy
engine create_async_engine 2.0,2.1: async_creator
engine create_engine *: connect_args creator echo empty_in_strategy enable_from_linting
  execution_options future hide_parameters logging_name module plugins pool poolclass
  query_cache_size strategy
plain AsyncConnection *: get_nested_transaction get_transaction in_nested_transaction
  in_transaction
plain AsyncConnection 1.4: begin begin_nested
plain AsyncEngine *: clear_compiled_cache execution_options get_execution_options
  update_execution_options
plain AsyncEngine 1.4: begin connect
plain AsyncMappingResult *: columns keys unique yield_per
plain AsyncResult *: columns keys mappings scalars unique yield_per
plain AsyncResult 2.0,2.1: tuples
plain AsyncScalarResult *: unique yield_per
plain AsyncSession *: add add_all expire expire_all expunge expunge_all get_bind
  get_nested_transaction get_transaction in_nested_transaction in_transaction is_modified
plain AsyncSession 1.4: begin begin_nested
plain AsyncSession 2.1: bind_mapper bind_table get_async_bind
plain async_scoped_session *: add add_all configure expire expire_all expunge expunge_all get_bind
  is_modified
plain async_scoped_session 1.4: begin begin_nested
plain async_scoped_session 2.1: get_async_bind
pool AssertionPool *: echo_pool pool_events pool_logging_name pool_pre_ping pool_recycle
  pool_reset_on_return
pool AsyncAdaptedQueuePool *: echo_pool max_overflow pool_events pool_logging_name pool_pre_ping
  pool_recycle pool_reset_on_return pool_size pool_timeout pool_use_lifo
pool FallbackAsyncAdaptedQueuePool 1.4,2.0: echo_pool max_overflow pool_events pool_logging_name
  pool_pre_ping pool_recycle pool_reset_on_return pool_size pool_timeout pool_use_lifo
pool NullPool *: echo_pool pool_events pool_logging_name pool_pre_ping pool_recycle
  pool_reset_on_return
pool QueuePool *: echo_pool max_overflow pool_events pool_logging_name pool_pre_ping pool_recycle
  pool_reset_on_return pool_size pool_timeout pool_use_lifo
pool SingletonThreadPool *: echo_pool pool_events pool_logging_name pool_pre_ping pool_recycle
  pool_reset_on_return pool_size
pool StaticPool *: echo_pool pool_events pool_logging_name pool_pre_ping pool_recycle
  pool_reset_on_return
pools async 2.0,2.1: AsyncAdaptedQueuePool
pools async 2.0: FallbackAsyncAdaptedQueuePool
pools both *: AssertionPool NullPool StaticPool
pools both 1.4: AsyncAdaptedQueuePool FallbackAsyncAdaptedQueuePool QueuePool SingletonThreadPool
pools sync 2.0,2.1: QueuePool SingletonThreadPool
psycopg connect *: autocommit context cursor_factory prepare_threshold row_factory
psycopg libpq *: application_name channel_binding client_encoding connect_timeout dbname
  fallback_application_name gssdelegation gssencmode gsslib host hostaddr keepalives
  keepalives_count keepalives_idle keepalives_interval krbsrvname load_balance_hosts
  max_protocol_version min_protocol_version oauth_client_id oauth_client_secret oauth_issuer
  oauth_scope options passfile password port replication require_auth requirepeer scram_client_key
  scram_server_key service ssl_max_protocol_version ssl_min_protocol_version sslcert sslcertmode
  sslcompression sslcrl sslcrldir sslkey sslkeylogfile sslmode sslnegotiation sslpassword
  sslrootcert sslsni target_session_attrs tcp_user_timeout user
schemes async *: mariadb+aiomysql mariadb+asyncmy mysql+aiomysql mysql+asyncmy postgresql+asyncpg
  sqlite+aiosqlite
schemes async 2.0,2.1: mssql+aioodbc oracle+oracledb_async postgresql+psycopg_async
schemes both 2.0,2.1: oracle+oracledb postgresql+psycopg
schemes both 2.1: oracle postgresql
schemes sync *: mariadb mariadb+cymysql mariadb+mariadbconnector mariadb+mysqlconnector
  mariadb+mysqldb mariadb+pymysql mariadb+pyodbc mssql mssql+pymssql mssql+pyodbc mysql
  mysql+cymysql mysql+mariadbconnector mysql+mysqlconnector mysql+mysqldb mysql+pymysql
  mysql+pyodbc oracle+cx_oracle postgresql+pg8000 postgresql+psycopg2 postgresql+psycopg2cffi
  sqlite sqlite+pysqlcipher sqlite+pysqlite
schemes sync 1.4,2.0: oracle postgresql
schemes sync 1.4: firebird firebird+fdb firebird+kinterbasdb mariadb+oursql mssql+mxodbc
  mysql+oursql postgresql+pygresql postgresql+pypostgresql sybase sybase+pyodbc sybase+pysybase
schemes sync 2.1: mssql+mssqlpython
session AsyncSession *: autocommit autoflush bind binds enable_baked_queries expire_on_commit
  future info query_cls sync_session_class twophase
session AsyncSession 2.0,2.1: autobegin close_resets_only join_transaction_mode
session AsyncSession 2.1: execution_options
session Session *: autocommit autoflush bind binds enable_baked_queries expire_on_commit future
  info query_cls twophase
session Session 2.0,2.1: autobegin close_resets_only join_transaction_mode
session Session 2.1: execution_options
session async_sessionmaker 2.0,2.1: autobegin autocommit autoflush bind binds class_
  close_resets_only enable_baked_queries expire_on_commit future info join_transaction_mode
  query_cls sync_session_class twophase
session async_sessionmaker 2.1: execution_options
session sessionmaker *: autocommit autoflush bind binds class_ enable_baked_queries
  expire_on_commit future info query_cls twophase
session sessionmaker 2.0,2.1: autobegin close_resets_only join_transaction_mode
session sessionmaker 2.1: execution_options
startable AsyncConnection 2.0,2.1: begin begin_nested stream stream_scalars
startable AsyncEngine 2.0,2.1: begin connect
startable AsyncMappingResult *: partitions
startable AsyncResult *: partitions
startable AsyncScalarResult *: partitions
startable AsyncSession 2.0,2.1: begin begin_nested
startable AsyncSessionTransaction 2.1: bound_connection
startable async_scoped_session 2.0,2.1: begin begin_nested
"""

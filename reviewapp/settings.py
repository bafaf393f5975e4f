"""All settings, from the environment (or `.env`); the HTTP API's own are in `rest_settings.py`.

Nothing here imports a heavy library. A value that can't be right stops the start with a sentence that says the mend.
"""

import secrets
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from whitenoise.compress import Compressor  # type: ignore[import-untyped]  # it ships no types

from reviewapp import embedded, mail, rest_settings

BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(BaseSettings):
    """What an operator may set. Names are the environment's, upper-cased; the defaults suit one machine."""

    model_config = SettingsConfigDict(env_file=BASE_DIR / ".env", extra="ignore")

    database_url: str = ""
    celery_broker_url: str = ""
    data_dir: Path = BASE_DIR / ".data"
    secret_key: str = ""
    debug: bool = False
    https: bool = False
    allowed_hosts: str = "localhost,127.0.0.1,[::1]"
    csrf_trusted_origins: str = ""
    time_zone: str = "UTC"
    log_level: str = "INFO"
    # E-mail: notifications and new passwords. Without a mail server everything else works.
    email_url: str = Field(default="", repr=False)
    email_from: str = ""
    site_url: str = ""
    # Where uploaded files are kept instead of DATA_DIR/files: a bucket of an S3-compatible store.
    s3_bucket: str = ""
    s3_endpoint_url: str = ""
    s3_region: str = ""
    s3_access_key_id: str = ""
    s3_secret_access_key: str = Field(default="", repr=False)
    # The LLM door: a self-hosted OpenAI-compatible address; providers' own keys (OPENAI_API_KEY, …) are found too.
    llm_base_url: str = ""
    llm_api_key: str = Field(default="", repr=False)
    llm_model: str = ""
    llm_allowed_hosts: str = ""
    llm_calls_in_flight: int = Field(default=32, ge=1, le=512)
    # Searching public databases from here: off, and no request leaves, unless somebody says so.
    searches: bool = False
    search_email: str = ""
    search_max_records: int = Field(default=50_000, ge=1, le=1_000_000)
    search_allowed_hosts: str = "eutils.ncbi.nlm.nih.gov,www.ebi.ac.uk"
    search_pubmed_url: str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
    search_europe_pmc_url: str = "https://www.ebi.ac.uk/europepmc/webservices/rest/"
    ncbi_api_key: str = Field(default="", repr=False)


env = Environment()
DATA_DIR = env.data_dir


def _secret_key() -> str:
    """The key from the environment, or one that is made once and kept with the data of this machine."""
    if env.secret_key:
        if len(env.secret_key) < 32:
            raise ImproperlyConfigured("SECRET_KEY is shorter than 32 characters: set a longer random one.")
        return env.secret_key
    path = DATA_DIR / "secret_key"
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The data directory {DATA_DIR} can't be used ({error.strerror}). Nothing was changed. Make it writable "
            f"for this user, or choose another with the environment variable DATA_DIR."
        ) from error


def _database(url: str) -> dict[str, Any]:
    """Django's form of a PostgreSQL address (a libpq URL; a Unix socket is given as `?host=/folder`)."""
    try:
        parts = conninfo_to_dict(url)
    except Exception as error:  # psycopg raises its own ProgrammingError; the message is what matters here
        raise ImproperlyConfigured(f"DATABASE_URL is not a PostgreSQL address: {error}") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "reviewapp"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parts,  # sslmode, sslrootcert and whatever else libpq knows
    }


def file_storage(given: Environment) -> dict[str, Any]:
    """Django's form of where files are kept: this machine's disk, or a private bucket that only this server reads.

    django-storages and boto3 are imported when the first file is touched, not at start.
    """
    if not given.s3_bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    if bool(given.s3_access_key_id) != bool(given.s3_secret_access_key):
        raise ImproperlyConfigured("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY belong together: set both, or neither.")
    options = {
        "bucket_name": given.s3_bucket,
        "endpoint_url": given.s3_endpoint_url or None,
        "region_name": given.s3_region or None,
        "access_key": given.s3_access_key_id or None,
        "secret_key": given.s3_secret_access_key or None,
        "default_acl": None,
        "file_overwrite": False,
        "querystring_auth": True,
        "max_memory_size": 2 * 1024 * 1024,  # what is larger is streamed through a temporary file
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


# -- core -------------------------------------------------------------------------------------------------------------
SECRET_KEY = _secret_key()
DEBUG = env.debug
ALLOWED_HOSTS = _words(env.allowed_hosts)
CSRF_TRUSTED_ORIGINS = _words(env.csrf_trusted_origins)
ROOT_URLCONF = "reviewapp.urls"
WSGI_APPLICATION = "reviewapp.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = env.time_zone
USE_TZ = True
USE_I18N = False
SITE_ID = 1

INSTALLED_APPS = [
    "reviewapp",
    "audit",
    "screening",
    "extraction",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "django_htmx",
    "django_filters",
    "django_structlog",
    "drf_spectacular",
    "rest_framework",
    "simple_history",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "audit.middleware.ActingMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "reviewapp.signed_out.WrittenIsKept",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "screening.page.bell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# -- data -------------------------------------------------------------------------------------------------------------
DATABASES = {"default": _database(env.database_url or embedded.database_url(DATA_DIR))}
MEDIA_ROOT = DATA_DIR / "files"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 1_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
IMPORT_MAX_BYTES = 512 * 1024 * 1024
DOCUMENT_MAX_BYTES = 200 * 1024 * 1024
DOCUMENT_MAX_PAGES = 2_000
DOCUMENT_READ_SECONDS = 120
DOCUMENT_READ_MEGABYTES = 1_024
FILE_UPLOAD_HANDLERS = [
    "reviewapp.uploads.LimitedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "reviewapp_cache"},
    "throttle": {  # of this process: how much each person and token asked of the API in the last minute
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "throttle",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

# -- static files -----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# pdf.js' CMaps and fonts are compact already, and are many: pressing them would take most of a first start
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "bcmap", "pfb", "ttf")
STORAGES = {
    "default": file_storage(env),
    "staticfiles": {"BACKEND": "reviewapp.staticfiles.ModuleStaticFilesStorage"},
}

# -- people -----------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "reviewapp.accounts.ClosedSignupAdapter"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_RESET_ON_SUCCESS = True

# -- e-mail -----------------------------------------------------------------------------------------------------------
globals().update(mail.settings_of(env.email_url))  # EMAIL_BACKEND, and for a server EMAIL_HOST and so on
MAIL_WORKS = bool(env.email_url)
SITE_URL = mail.site_url(env.site_url, trusted=CSRF_TRUSTED_ORIGINS, hosts=ALLOWED_HOSTS, https=env.https)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.email_from or f"reviewapp@{urlsplit(SITE_URL).hostname}"

# -- browser security -------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "reviewapp.signed_out.form_too_old"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = env.https
if env.https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

# -- HTTP API ---------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = rest_settings.REST_FRAMEWORK
SPECTACULAR_SETTINGS = rest_settings.SPECTACULAR_SETTINGS

# -- background work: the doorbell; the queue is the database ---------------------------------------------------------
CELERY_BROKER_URL = env.celery_broker_url or embedded.broker_url(DATA_DIR)
if CELERY_BROKER_URL.startswith("rediss://") and "ssl_cert_reqs" not in CELERY_BROKER_URL:
    CELERY_BROKER_USE_SSL = {"ssl_cert_reqs": ssl.CERT_REQUIRED}  # kombu's own default checks no certificate
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3_600, "socket_connect_timeout": 2}
CELERY_TASK_DEFAULT_QUEUE = "cpu"
CELERY_TASK_ROUTES = {  # what waits for another machine
    name: {"queue": "llm"}
    for name in (
        "screening.screen_item",
        "screening.test_card",
        "extraction.extract_item",
        "screening.send_mails",
        "screening.search",
    )
} | {"screening.embed": {"queue": "embed"}}  # takes all it is given of a processor for minutes: a worker of its own
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "screening.sweep", "schedule": 30.0, "options": {"expires": 25}},
    "notify": {"task": "screening.notify", "schedule": 60.0, "options": {"expires": 55}},
    "warn": {"task": "screening.warn", "schedule": 600.0, "options": {"expires": 300}},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "run" / "beat-schedule")

# -- the LLM door -----------------------------------------------------------------------------------------------------
LLM_BASE_URL = env.llm_base_url
LLM_API_KEY = env.llm_api_key
LLM_MODEL = env.llm_model
LLM_ALLOWED_HOSTS = _words(env.llm_allowed_hosts)
LLM_CALLS_IN_FLIGHT = env.llm_calls_in_flight

# -- searching public databases ---------------------------------------------------------------------------------------
SEARCHES_ON = env.searches
SEARCH_TOOL = "reviewapp"
SEARCH_EMAIL = env.search_email
SEARCH_MAX_RECORDS = env.search_max_records
SEARCH_PAGE = 200  # records asked for at once
SEARCH_MAX_REPLY_BYTES = 64 * 1024 * 1024
SEARCH_PART_BYTES = 100 * 1024 * 1024
SEARCH_ALLOWED_HOSTS = [host.lower() for host in _words(env.search_allowed_hosts)]
SEARCH_URLS = {"pubmed": env.search_pubmed_url, "europe_pmc": env.search_europe_pmc_url}
NCBI_API_KEY = env.ncbi_api_key

# -- history and logs -------------------------------------------------------------------------------------------------
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_ENABLED = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
            ],
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.add_log_level,
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.log_level},
    "loggers": {
        "django_structlog": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},  # it logs whole addresses
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_log_level,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

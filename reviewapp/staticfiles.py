"""How static files are stored: hashed names, compressed, and ES modules whose imports follow the hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Rewrites `import … from "./x.js"` too, so that no import map (an inline script) is needed."""

    support_js_module_import_aggregation = True

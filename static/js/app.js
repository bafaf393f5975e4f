// Behaviour for HTML that the server wrote. Each element lives in its own file and works alone.
import "./elements/theme-switch.js";
import "./elements/relative-time.js";
import "./elements/toast-stack.js";
import "./elements/drop-zone.js";
import "./elements/formset-rows.js";
import "./elements/auto-submit.js";
import "./elements/copy-text.js";
import "./workbench/leftovers.js";
import "./elements/notice-bell.js";

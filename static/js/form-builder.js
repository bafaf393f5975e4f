// Comfort for the builder of forms; all of it works as plain links and forms without.
import "./elements/form-outline.js";
import "./elements/field-editor.js";

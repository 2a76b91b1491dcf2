// Everything the browser does by itself. Each module watches the document for its own attributes, so no page calls any of them.
import "./times.js";
import "./stopwatch.js";
import "./keys.js";
import "./scroll.js";
import "./copy.js";
import "./sheets.js";
import "./form.js";
import "./arrive.js";
import "./follow.js";
import "./more.js";
import "./steady.js";
import "./visibility.js";
import "./changes.js";
import "./connection.js";
import "./memory.js";

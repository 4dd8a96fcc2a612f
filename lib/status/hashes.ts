/** SCRIPT_HASH names the one script that a public page may run. */
export const SCRIPT_HASH = 'sha256-TASOnJSfisORLn8js7V4aPfv37x27REP0KuC1XWQU18='

/** STYLE_HASH names the one style that a public page may have. */
export const STYLE_HASH = 'sha256-rYeX79MrJKfIy4FCycifQJ/syT/1RK+TadmTzFD8FOI='

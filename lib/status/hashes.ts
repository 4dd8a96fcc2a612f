/** SCRIPT_HASH names the one script that a public page may run. */
export const SCRIPT_HASH = 'sha256-TASOnJSfisORLn8js7V4aPfv37x27REP0KuC1XWQU18='

/** STYLE_HASH names the one style that a public page may have. */
export const STYLE_HASH = 'sha256-cO188qAm8bNLFa6nYHcUSfN/d5TQRvl2RDCSUT1j3Cw='

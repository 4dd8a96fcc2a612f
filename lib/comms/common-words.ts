/**
 * COMMON_WORDS are names in an inventory that are everyday words as well: a person called Will, a label that says
 * training. In small letters they tell nothing; a person's counts with its @, or capitalised inside a sentence.
 */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `may will mark grace art jack bill rob drew pat sue frank hope joy faith rose dawn june april august chase dean grant
  guy miles nick ray rich ward wade max jean iris ivy ruby amber may angel summer autumn page reed dale glen lane cliff
  king young long short small white black brown green gray stone wood field hill brook west north south east love price
  training inference worker workers gpu gpus cpu cpus api web test tests dev prod staging production batch video queue
  main default pool demo data model models job jobs user users customer customers server servers service services
  support admin operations team engineer manager viewer reviewer commander responder status page world europe asia
  node nodes host hosts cloud spare new old backup primary secondary public private internal external`
    .split(/\s+/)
    .filter(Boolean),
)

/** XidWords says an XID in plain words: a label, and what it means for the job on the card. */
export type XidWords = { readonly short: string; readonly means: string }

const KNOWN: Readonly<Record<number, XidWords>> = {
  8: { short: 'stopped processing', means: 'The GPU stopped working on a job.' },
  13: {
    short: 'graphics exception',
    means: 'A program asked for something the card can not do; most often a fault in the program.',
  },
  31: {
    short: 'page fault',
    means: 'A program reached for memory that is not its own; most often a fault in the program.',
  },
  32: { short: 'corrupt command stream', means: 'Commands arrived damaged at the card.' },
  43: { short: 'job ended by a fault', means: 'A program stopped with an error; the card goes on.' },
  45: { short: 'clean-up', means: 'The driver cleaned up after another fault.' },
  46: { short: 'timeout', means: 'The card no longer answers in time.' },
  48: { short: 'double bit', means: 'The memory has an error that it can not correct.' },
  54: { short: 'power not connected', means: 'The card lacks its extra power.' },
  61: { short: 'micro-controller stop', means: 'A controller on the card stopped.' },
  62: { short: 'micro-controller halt', means: 'A controller on the card halted.' },
  63: {
    short: 'row remapped',
    means: 'The card set a bad memory row aside; the change takes effect at its next reset.',
  },
  64: { short: 'row remap failed', means: 'The card could not set a bad memory row aside.' },
  74: { short: 'NVLink error', means: 'A link between cards failed.' },
  79: {
    short: 'off the bus',
    means:
      'The driver can not reach this card over PCIe. Its job has died, and restarting the container will not bring it back.',
  },
  92: { short: 'many single-bit errors', means: 'Memory errors are corrected, but there are many.' },
  94: {
    short: 'memory error, contained',
    means: 'A memory error hit one program only; that program has died.',
  },
  95: {
    short: 'memory error, not contained',
    means: 'A memory error may have hit every program on the card.',
  },
  109: { short: 'switch timeout', means: 'The card did not finish switching between programs.' },
  119: { short: 'GSP timeout', means: "The card's own processor does not answer the driver." },
  120: { short: 'GSP error', means: "The card's own processor failed." },
  136: { short: 'link training failed', means: 'A link between cards could not be set up.' },
  140: { short: 'memory error, not recovered', means: 'The card did not recover from a memory error.' },
  143: { short: 'card did not start', means: 'The card failed to initialise.' },
  154: {
    short: 'recovery asked for',
    means: 'The driver asks for a reset, a reboot or a drain; its log line says which.',
  },
}

/** xidWords explains a code; codes that the catalogue lacks say so. */
export function xidWords(code: number): XidWords {
  return (
    KNOWN[code] ?? {
      short: 'not in our list',
      means: `The driver reported code ${code}, which our list does not explain.`,
    }
  )
}

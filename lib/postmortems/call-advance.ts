import type { Writer } from '../letters/advance'
import { readAsk, readCall } from './call-store'
import { askLetter, callLetter } from './call-words'

/** callWriter writes the letters of remarks that call somebody; baseUrl is the console's own address, without a slash at its end. */
export function callWriter(baseUrl: string): Writer {
  return async (sql, mail) => {
    const row = await readCall(sql, mail)
    return row && { to: row.email, letter: callLetter(row, baseUrl) }
  }
}

/** askWriter writes the letters that ask somebody for a review; baseUrl as above. */
export function askWriter(baseUrl: string): Writer {
  return async (sql, mail) => {
    const row = await readAsk(sql, mail)
    return row && { to: row.email, letter: askLetter(row, baseUrl) }
  }
}

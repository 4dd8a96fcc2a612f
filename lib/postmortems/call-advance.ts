import type { Writer } from '../letters/advance'
import { readCall } from './call-store'
import { callLetter } from './call-words'

/** callWriter writes the letters of remarks that call somebody; baseUrl is the console's own address, without a slash at its end. */
export function callWriter(baseUrl: string): Writer {
  return async (sql, mail) => {
    const row = await readCall(sql, mail)
    return row && { to: row.email, letter: callLetter(row, baseUrl) }
  }
}

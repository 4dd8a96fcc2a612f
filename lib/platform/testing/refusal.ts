import { AppError } from '../errors'

/** refusal is the AppError with which an attempt was refused; throws when it was not. */
export async function refusal(attempt: Promise<unknown>): Promise<AppError> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it was not refused')
}

/** RECORD_PAGE is how many entries of the record are read at a time. */
export const RECORD_PAGE = 80

'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { queryOf } from '@/lib/client/api'
import { listedLinks } from '@/lib/comms/links'

const NONE = {}
const TYPED_MS = 1_000
const ASKED_AGAIN_MS = 60_000

/** useLinkProblems says of the listed links of a text which do not open and why, asked once the typing rests for a second. */
export function useLinkProblems(text: string, hosts: readonly string[]): Readonly<Record<string, string>> {
  const links = listedLinks(text, hosts).join('\n')
  const [rested, setRested] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setRested(links), TYPED_MS)
    return () => clearTimeout(timer)
  }, [links])
  const { data } = useQuery({
    ...queryOf('publications.links', { urls: rested.split('\n').filter(Boolean) }),
    enabled: rested !== '',
    staleTime: ASKED_AGAIN_MS,
    placeholderData: keepPreviousData,
  })
  return data?.problems ?? NONE
}

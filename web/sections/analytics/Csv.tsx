'use client'

import { useState } from 'react'
import { ApiError } from '@/data/api'
import { useAnalytics } from '@/data/query/analytics'
import { ask } from '@/data/query/ask'
import type { Query } from '@/data/query/build'
import { csvOf, download } from '@/data/query/csv'
import { writePeriod } from '@/data/query/period'
import { Button } from '@/ui/Button'
import { Icon } from '@/ui/Icon'
import { useToast } from '@/ui/Toasts'
import { fileOf } from './rows'

/** The most rows of an answer. */
const most = 10_000

/** Gives out all rows of a table as a file. */
export function Csv({ query, name }: { query: () => Query; name: string }) {
  const { shop, view, streamer } = useAnalytics()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    try {
      const asked: Query = { ...query(), pagination: { limit: most } }
      const answer = await ask(asked, new AbortController().signal)
      const { header, rows } = fileOf(answer, asked, streamer)
      download(`${shop.site}-${name}-${writePeriod(view.period).replace(',', '-')}.csv`, csvOf(header, rows))
      const total = answer.meta.total_rows ?? 0
      if (total > most) toast({ kind: 'bad', title: `The file has the first ${most.toLocaleString()} rows`, text: `There are ${total.toLocaleString()}: a filter or a shorter period gives fewer.` })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      toast({ kind: 'bad', title: 'No file', text: error.message })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button look="quiet" disabled={busy} onClick={() => void save()} aria-label={`${name} as CSV`}>
      <Icon name="download" size={14} /> CSV
    </Button>
  )
}

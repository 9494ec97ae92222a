'use client'

import { useState } from 'react'
import { ApiError } from '@/data/api'
import { number } from '@/data/format'
import { useAnalytics } from '@/data/query/analytics'
import type { Query } from '@/data/query/build'
import { writePeriod } from '@/data/query/period'
import { Button } from '@/ui/Button'
import { Icon } from '@/ui/Icon'
import { useToast } from '@/ui/Toasts'

/** Exports all rows of a table as CSV. */
export function Csv({ query, name }: { query: () => Query; name: string }) {
  const { shop, view, streamer } = useAnalytics()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const exportCsv = async () => {
    setBusy(true)
    try {
      const { save } = await import('./save')
      const { exported, total } = await save(
        query(),
        `${shop.site}-${name}-${writePeriod(view.period).replace(',', '-')}.csv`.replaceAll(' ', '-').toLowerCase(),
        streamer,
      )
      if (total > exported)
        toast({
          kind: 'bad',
          title: `Only the first ${number(exported)} rows were exported`,
          text: `There are ${number(total)} in total. Add a filter or choose a shorter period.`,
        })
    } catch (error) {
      toast({
        kind: 'bad',
        title: 'Export failed',
        text: error instanceof ApiError ? error.message : 'Can’t reach the server. Is it running?',
      })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button look="quiet" disabled={busy} onClick={() => void exportCsv()} aria-label={`Export ${name} as CSV`}>
      <Icon name="download" size={14} /> CSV
    </Button>
  )
}

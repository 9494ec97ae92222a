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

/** Gives out all rows of a table as a file. */
export function Csv({ query, name }: { query: () => Query; name: string }) {
  const { shop, view, streamer } = useAnalytics()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const give = async () => {
    setBusy(true)
    try {
      const { save } = await import('./save')
      const { written, total } = await save(
        query(),
        `${shop.site}-${name}-${writePeriod(view.period).replace(',', '-')}.csv`.replaceAll(' ', '-').toLowerCase(),
        streamer,
      )
      if (total > written)
        toast({
          kind: 'bad',
          title: `The file has the first ${number(written)} rows`,
          text: `There are ${number(total)}: a filter or a shorter period gives fewer.`,
        })
    } catch (error) {
      toast({
        kind: 'bad',
        title: 'No file',
        text: error instanceof ApiError ? error.message : 'The server can’t be reached. Is it running?',
      })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button look="quiet" disabled={busy} onClick={() => void give()} aria-label={`${name} as CSV`}>
      <Icon name="download" size={14} /> CSV
    </Button>
  )
}

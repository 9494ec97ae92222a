'use client'

import { useState } from 'react'
import { useLive } from '@/data/live/live'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { Icon } from '@/ui/Icon'
import { useToast } from '@/ui/Toasts'

/** For a site without a single visit: how the first one comes. */
export function FirstSteps() {
  const { site } = useLive()
  const toast = useToast()
  const [origin] = useState(() => (typeof window === 'undefined' ? '' : window.location.origin))
  const command = `curl -X POST '${origin}/api/v1/stats?countryCode=us${site === 'default' ? '' : `&site=${site}`}'`
  const copy = () =>
    navigator.clipboard?.writeText(command).then(
      () => toast({ kind: 'good', title: 'Copied' }),
      () => toast({ kind: 'bad', title: 'The browser does not allow copying', text: 'Select the text and copy it by hand.' }),
    )
  return (
    <EmptyState icon="globe" title="No visit yet">
      <p>Record one by hand above, or let your shop send it:</p>
      <code className="mt-4 block rounded-lg border border-line bg-page p-3 text-left font-mono text-xs break-all text-ink select-all">{command}</code>
      <Button className="mt-3" onClick={copy}>
        <Icon name="copy" /> Copy
      </Button>
    </EmptyState>
  )
}

'use client'

import { useState } from 'react'
import { useLive } from '@/data/live/live'
import { CopyLine } from '@/ui/CopyLine'
import { EmptyState } from '@/ui/EmptyState'

/** For a site without a single visit: how the first one comes. */
export function FirstSteps() {
  const { site } = useLive()
  const [origin] = useState(() => (typeof window === 'undefined' ? '' : window.location.origin))
  const command = `curl -X POST '${origin}/api/v1/stats?countryCode=us${site === 'default' ? '' : `&site=${site}`}'`
  return (
    <EmptyState icon="globe" title="No visits yet">
      <p>Record one manually above, or send one from your shop:</p>
      <CopyLine text={command} />
    </EmptyState>
  )
}

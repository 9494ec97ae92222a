// Page views and events without a data layer and without retry, for whom each byte counts: /footfall-pageviews.js.
import { endpointOf } from './options'
import { offer, watch } from './page'

const script = document.currentScript as HTMLScriptElement | null
// Once, though a shop may have the tag twice, or both files. A page of a file counts nothing.
if (script && /^http/.test(location.protocol) && !window.footfall?.on)
  offer(watch(script.dataset, (hit) => navigator.sendBeacon(endpointOf(script), JSON.stringify(hit))))

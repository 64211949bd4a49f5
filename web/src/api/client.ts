/** The portal's API: typed by its OpenAPI document, refusals thrown as ProblemError. */

import createClient, { type Client, type Middleware } from 'openapi-fetch'

import type { paths as CpPaths } from './cp'
import type { paths as PpPaths } from './pp'
import { problemOf, unanswered } from './problem'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])
let csrfToken: string | undefined

export function rememberCsrfToken(token: string | null | undefined): void {
  csrfToken = token ?? undefined
}

const refusalsAreThrown: Middleware = {
  onRequest({ request }) {
    if (!SAFE_METHODS.has(request.method) && csrfToken !== undefined) {
      request.headers.set('X-CSRF-Token', csrfToken)
    }
    return request
  },
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response)
  },
  onError() {
    return unanswered()
  },
}

function makeApi<Paths extends object>(): Client<Paths> {
  const client = createClient<Paths>({ baseUrl: window.location.origin, credentials: 'same-origin' })
  client.use(refusalsAreThrown)
  return client
}

export const cp = makeApi<CpPaths>()
export const pp = makeApi<PpPaths>()

/** What a call answered; its refusals have been thrown by then. */
export async function answer<Data>(call: Promise<{ data?: Data }>): Promise<Data> {
  return (await call).data as Data
}

/** The rules behind the operators' pages: roles, times, switches, runs, exports, stored decisions. */

import { exportLines } from '../../src/ops/auditExport'
import { verdictWords } from '../../src/ops/ChainActions'
import { consentOf } from '../../src/ops/ConsentForm'
import { instant, localTime } from '../../src/ops/filters'
import { scopeOf, scopeText } from '../../src/ops/killSwitches'
import { hasRole } from '../../src/ops/may'
import { BLANK_RUN, runBody } from '../../src/ops/runs'
import { shownRisk } from '../../src/ops/shownRisk'

const CUSTOMER = '01890a5d-ac96-774b-bcce-b302099a8057'
const ACCOUNT = '01890a5d-ac96-774b-bcce-b302099a8058'

describe('hasRole', () => {
  it('includes the roles before', () => {
    expect(hasRole(['admin'], 'viewer')).toBe(true)
    expect(hasRole(['operator'], 'operator')).toBe(true)
    expect(hasRole(['viewer'], 'operator')).toBe(false)
    expect(hasRole([], 'viewer')).toBe(false)
  })
})

describe('times of filters', () => {
  it('come back as they were written', () => {
    expect(instant(localTime('2026-11-21T01:30:00.000Z'))).toBe('2026-11-21T01:30:00.000Z')
  })

  it('are left out when they are none', () => {
    expect([localTime('yesterday'), instant(''), instant('soon')]).toEqual(['', '', ''])
  })
})

describe('scopes of kill switches', () => {
  it.each(['platform', 'provider:bluesky', `customer:${CUSTOMER}`, `hired_agent:${CUSTOMER}`])(
    'are read and written alike: %s',
    (text) => {
      expect(scopeText(scopeOf(text))).toBe(text)
    },
  )
})

describe('runs', () => {
  const order = { ...BLANK_RUN, accountId: ACCOUNT, units: ' 0.5 ', coin: 'btc' }

  it('ask for a draft when no approval is named', () => {
    expect(runBody(order)).toEqual({
      exchange_account_id: ACCOUNT,
      coin: 'BTC',
      units: '0.5',
      side: 'long',
      action: 'enter',
      market: true,
    })
  })

  it('declare what they do when they carry out an approval', () => {
    const body = runBody({ ...order, action: 'exit', approvalId: CUSTOMER })

    expect(body).toMatchObject({ approval_id: CUSTOMER, intent_action: 'close_position' })
  })
})

describe('consent', () => {
  const evidence = { channel: 'telephone', reference: 'call 7', obtained: '2026-11-21T01:30', note: ' ' }

  it('is none before all is said', () => {
    expect(consentOf({ ...evidence, reference: ' ' })).toBeUndefined()
    expect(consentOf({ ...evidence, obtained: '' })).toBeUndefined()
  })

  it('leaves out an empty note', () => {
    expect(Object.keys(consentOf(evidence) ?? {})).toEqual(['channel', 'reference', 'obtained_at'])
  })
})

describe('exportLines', () => {
  it('writes rows, then checkpoints, then the head, a line each', () => {
    const row = {
      customer_id: CUSTOMER,
      seq: 1,
      at: '',
      kind: 'a',
      body: '{}',
      body_hash: '',
      prev_hash: '',
      hash: '',
    }
    const stretches = [
      { head_seq: 2, rows: [row], checkpoints: [], next_after: 1 },
      {
        head_seq: 2,
        rows: [{ ...row, seq: 2 }],
        checkpoints: [{ customer_id: CUSTOMER, seq: 2, statement: 'signed' }],
        next_after: null,
      },
    ]

    const lines = exportLines(stretches).trimEnd().split('\n')

    expect(lines.map((line) => JSON.parse(line) as { type: string; seq: number })).toMatchObject([
      { type: 'row', seq: 1 },
      { type: 'row', seq: 2 },
      { type: 'checkpoint', seq: 2 },
      { type: 'head', seq: 2 },
    ])
  })
})

describe('verdictWords', () => {
  it('says from which row on a chain is broken', () => {
    const verdict = { ok: false, rows: 7, first_broken_seq: 4, detail: 'the hash differs' }

    expect(verdictWords(verdict)).toContain('broken from row 4 on: the hash differs')
  })
})

describe('shownRisk', () => {
  it('is none where a decision is not about risk', () => {
    expect(shownRisk({ timing: 'due', codes: [] })).toBeUndefined()
  })

  it('keeps what each check saw', () => {
    const check = {
      code: 'QTY_STEP',
      status: 'fail',
      observed: '5',
      limit: null,
      unit: 'contracts',
      number: 3,
    }

    expect(shownRisk({ verdict: 'deny', policy_hash: 'h', checks: [check] })).toEqual({
      verdict: 'deny',
      policy_hash: 'h',
      checks: [{ code: 'QTY_STEP', status: 'fail', observed: '5', limit: null, unit: 'contracts' }],
    })
  })
})

/** How an approval stands, and whether Plant has it. */

import { screen } from '@testing-library/react'

import { ApprovalState } from '../../src/ops/ApprovalTable'
import type { Approval } from '../../src/ops/queries'
import { show } from '../ui/render'

const APPROVAL: Approval = {
  action_hash: `sha256:${'0'.repeat(64)}`,
  approval_id: '0190a000-0000-7000-8000-000000000001',
  approver: { type: 'operator', id: '0190a000-0000-7000-8000-000000000002', method: 'assisted' },
  customer_id: '0190a000-0000-7000-8000-000000000003',
  deliverable_id: null,
  delivered: true,
  execute_by: '2999-01-01T00:00:00Z',
  expires_at: '2999-01-01T00:00:00Z',
  issued_at: '2026-01-01T00:00:00Z',
  notes: null,
  revoked_at: null,
  status: 'active',
}

test.each<[of: Partial<Approval>, state: string, plant: string | undefined]>([
  [{}, 'Active', undefined],
  [{ delivered: false }, 'Active', 'on its way to Plant'],
  [{ delivered: false, status: 'revoked' }, 'Revoked', 'not taken by Plant'],
  [{ status: 'revoked' }, 'Revoked', undefined],
])('%o is shown as %s, %s', (of, state, plant) => {
  show(<ApprovalState approval={{ ...APPROVAL, ...of }} />)

  expect(screen.getByText(state)).toBeVisible()
  expect(screen.queryByText(/Plant/)?.textContent).toBe(plant)
})

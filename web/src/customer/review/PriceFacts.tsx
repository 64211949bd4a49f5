/** The price that an order was drafted at, and how far it may move before an approval does not hold any more. */

import { Moment } from '../../ui/Moment'
import type { Plan } from '../wire'
import { driftRange, percentOf } from './drift'

export function PriceFacts({ plan }: { plan: Plan }) {
  const [lowest, highest] = driftRange(plan.price_shown, plan.allowed_drift_bps)
  return (
    <dl className="fields">
      <div>
        <dt>Amount</dt>
        <dd>
          {plan.units} {plan.coin} ({plan.contracts} contracts of {plan.contract_value} {plan.coin})
        </dd>
      </div>
      <div>
        <dt>Price shown</dt>
        <dd>
          {plan.price_shown} {plan.currency}, read <Moment at={plan.priced_at} />
        </dd>
      </div>
      <div>
        <dt>Worth</dt>
        <dd>
          {plan.notional} {plan.currency}
        </dd>
      </div>
      <div>
        <dt>Your approval holds while the price is</dt>
        <dd>
          between {lowest} and {highest} {plan.currency} ({percentOf(plan.allowed_drift_bps)} either way)
        </dd>
      </div>
    </dl>
  )
}

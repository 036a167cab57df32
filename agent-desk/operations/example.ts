import type { Draft } from "./draft.ts";

/** A first query, of the shop that there is to try things with. */
export function exampleOn(dataSource: string): Draft {
  return {
    name: "late-orders",
    kind: "query",
    summary: "Orders that should have been delivered by now, by region.",
    audience: "staff",
    parameters: [{ name: "days", label: "How many days late, at least?", type: "integer", required: true, default: 2 }],
    body: { dataSource, sql: lateOrders, answer: { as: "table" } },
    seen: null,
  };
}

const lateOrders = `select c.region, count(*) as orders, sum(o.total) as total
from orders o
join customer c on c.id = o.customer_id
where o.status not in ('delivered', 'cancelled')
  and o.due_on < current_date - :days
group by c.region
order by orders desc`;

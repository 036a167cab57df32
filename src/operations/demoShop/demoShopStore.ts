import pg from "pg";

/** What a shop of some size has: about 100,000 rows, the same ones each time but for the dates, which end today. */
const shop = `
create table customer (
  id integer primary key, name text not null, email text not null, city text not null, region text not null, segment text not null,
  since date not null, credit_limit numeric(12, 2) not null
);
create table product (
  id integer primary key, sku text not null unique, name text not null, category text not null, price numeric(10, 2) not null,
  stock integer not null, active boolean not null
);
create table orders (
  id integer primary key, number text not null unique, customer_id integer not null references customer (id), status text not null,
  ordered_at timestamptz not null, due_on date not null, delivered_at timestamptz, total numeric(12, 2) not null
);
create table order_line (
  order_id integer not null references orders (id), line integer not null, product_id integer not null references product (id),
  quantity integer not null, unit_price numeric(10, 2) not null, primary key (order_id, line)
);
select setseed(0.42);
insert into customer
select n, first || ' ' || last, lower(first || '.' || last) || n || '@example.com', city, region,
       (array['retail', 'retail', 'wholesale', 'public'])[1 + floor(random() * 4)], current_date - (random() * 2000)::int,
       round((500 + random() * 20000)::numeric, -2)
  from (select n, (array['Ana', 'Bruno', 'Clara', 'Diego', 'Emma', 'Felix', 'Greta', 'Hugo', 'Ines', 'Jonas', 'Klara', 'Luis'])[1 + floor(random() * 12)] as first,
               (array['Almeida', 'Becker', 'Costa', 'Dubois', 'Ferreira', 'Garcia', 'Klein', 'Lopez', 'Martin', 'Novak', 'Rossi', 'Silva'])[1 + floor(random() * 12)] as last,
               1 + floor(random() * 8)::int as place
          from generate_series(1, 5000) n) p
  join (values (1, 'Hamburg', 'north'), (2, 'Kiel', 'north'), (3, 'Porto', 'west'), (4, 'Lisboa', 'west'), (5, 'Madrid', 'south'),
               (6, 'Sevilla', 'south'), (7, 'Wien', 'east'), (8, 'Praha', 'east')) as c (id, city, region) on c.id = p.place;
insert into product
select n, 'P-' || lpad(n::text, 4, '0'), material || ' ' || thing, category, round((4 + random() * 400)::numeric, 2),
       floor(random() * 500), random() > 0.05
  from (select n, (array['Oak', 'Steel', 'Linen', 'Glass', 'Cork', 'Wool', 'Paper', 'Clay'])[1 + floor(random() * 8)] as material,
               1 + floor(random() * 6)::int as sort
          from generate_series(1, 400) n) p
  join (values (1, 'chair', 'furniture'), (2, 'lamp', 'lighting'), (3, 'blanket', 'textiles'), (4, 'bowl', 'kitchen'),
               (5, 'shelf', 'furniture'), (6, 'notebook', 'office')) as t (id, thing, category) on t.id = p.sort;
insert into orders
select n, 'ORD-' || lpad(n::text, 5, '0'), 1 + floor(random() * 5000), 'pending', ordered_at, (ordered_at + interval '5 days')::date, null, 0
  from (select n, now() - interval '1 minute' * (25000 - n) * 21 - interval '1 minute' * floor(random() * 20) as ordered_at
          from generate_series(1, 25000) n) o;
insert into order_line
select o.id, line, p.id, 1 + floor(random() * 5), p.price
  from orders o cross join generate_series(1, 3) line
  join product p on p.id = 1 + (hashint4(o.id * 7 + line) & 1023) % 400
 where line = 1 or hashint4(o.id + line * 31) % 10 > -4;
update orders o set total = l.total, status = s.status,
       delivered_at = case when s.status = 'delivered' then o.ordered_at + interval '1 hour' * (20 + (hashint4(o.id) & 127)) end
  from (select order_id, sum(quantity * unit_price) as total from order_line group by order_id) l,
       lateral (select case when l.order_id % 23 = 0 then 'cancelled'
                            when l.order_id <= 24500 and l.order_id % 37 <> 0 then 'delivered'
                            when l.order_id % 3 = 0 then 'shipped' when l.order_id % 3 = 1 then 'packed' else 'pending' end as status) s
 where l.order_id = o.id;
create index on orders (customer_id);
create index on orders (ordered_at);
analyze;
`;

/** Beside each product's database one of its own, and who reads it. */
export function demoShopOf(serverUrl: string): { database: string; user: string } {
  const own = decodeURIComponent(new URL(serverUrl).pathname.slice(1)).replaceAll(/\W/g, "_").slice(0, 40);
  return { database: `${own}_demo_shop`, user: `${own}_demo_shop_reader` };
}

// Any number, the same in every version of the product.
const advisoryLock = 7216442;

/**
 * Makes the demo shop's database beside the product's, and a role that only reads it; one that is there already only learns the password. Throws
 * where the user of the URL may make neither.
 */
export async function makeDemoShop(serverUrl: string, password: string): Promise<void> {
  const { database: demoShopName, user: demoShopUser } = demoShopOf(serverUrl);
  const at = (database: string) => {
    const url = new URL(serverUrl);
    url.pathname = `/${database}`;
    return url.href;
  };
  await connected(serverUrl, async (server) => {
    await server.query("select pg_advisory_lock($1)", [advisoryLock]);
    const { rows: roles } = await server.query("select from pg_roles where rolname = $1", [demoShopUser]);
    await server.query(
      `${roles.length === 0 ? "create" : "alter"} role ${demoShopUser} login nosuperuser nocreatedb nocreaterole password ${pg.escapeLiteral(password)}`,
    );
    const { rows: databases } = await server.query("select from pg_database where datname = $1", [demoShopName]);
    if (databases.length > 0) return;
    // Filled under another name: what was interrupted is made anew.
    const draft = `${demoShopName}_draft`;
    await server.query(`drop database if exists ${draft} with (force)`);
    await server.query(`create database ${draft}`);
    await connected(at(draft), async (made) => {
      await made.query(shop);
      await made.query(`revoke all on schema public from public; grant usage on schema public to ${demoShopUser};
        grant select on all tables in schema public to ${demoShopUser}; revoke temporary on database ${draft} from public`);
    });
    await server.query(`alter database ${draft} rename to ${demoShopName}`);
  });
}

async function connected(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000, statement_timeout: 60_000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

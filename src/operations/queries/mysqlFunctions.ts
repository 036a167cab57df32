/**
 * What a query may call in MySQL and MariaDB: functions that answer from their arguments and the rows they are given. Not here, on purpose: what
 * reads files (`load_file`), sleeps, locks (`get_lock`), waits for replicas, runs programs (`sys_exec`), burns time (`benchmark`), moves a sequence
 * (`nextval`), or remembers (`last_insert_id(n)`).
 */
const byKind = {
  aggregate: `any_value avg bit_and bit_or bit_xor count group_concat grouping json_arrayagg json_objectagg max median min percentile_cont
    percentile_disc std stddev stddev_pop stddev_samp sum var_pop var_samp variance`,
  window: "cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number",
  choice: "coalesce greatest if ifnull interval isnull least nullif nvl nvl2",
  text: `ascii bin bit_length char char_length character_length chr concat concat_ws elt export_set field find_in_set format format_bytes from_base64
    hex insert instr lcase left length lengthb locate lower lpad ltrim make_set mid natural_sort_key oct octet_length ord position quote regexp_instr
    regexp_like regexp_replace regexp_substr repeat replace reverse right rpad rtrim sformat soundex space strcmp substr substring substring_index
    to_base64 to_char trim ucase unhex upper weight_string crc32 crc32c md5 sha sha1 sha2`,
  number: `abs acos asin atan atan2 bit_count ceil ceiling conv cos cot degrees exp floor ln log log10 log2 mod pi pow power radians rand round sign sin
    sqrt tan truncate`,
  date: `add_months adddate addtime convert_tz curdate current_date current_time current_timestamp curtime date date_add date_format date_sub datediff
    day dayname dayofmonth dayofweek dayofyear extract format_pico_time from_days from_unixtime get_format hour last_day localtime localtimestamp
    makedate maketime microsecond minute month monthname now period_add period_diff quarter sec_to_time second str_to_date subdate subtime sysdate time
    time_format time_to_sec timediff timestamp timestampadd timestampdiff to_days to_seconds unix_timestamp utc_date utc_time utc_timestamp week
    weekday weekofyear year yearweek`,
  json: `json_array json_array_append json_array_insert json_array_intersect json_compact json_contains json_contains_path json_depth json_detailed
    json_equals json_exists json_extract json_insert json_keys json_length json_loose json_merge json_merge_patch json_merge_preserve json_normalize
    json_object json_object_filter_keys json_object_to_array json_overlaps json_pretty json_query json_quote json_remove json_replace json_search
    json_set json_type json_unquote json_valid json_value member`,
  any: `binary cast charset coercibility collation convert database schema user current_user session_user system_user current_role version
    connection_id found_rows row_count inet_aton inet_ntoa inet6_aton inet6_ntoa is_ipv4 is_ipv4_compat is_ipv4_mapped is_ipv6 is_uuid uuid uuid_short
    uuid_to_bin bin_to_uuid match row`,
  geometry: `point linestring polygon st_area st_asgeojson st_astext st_aswkt st_buffer st_centroid st_contains st_crosses st_difference st_dimension
    st_disjoint st_distance st_distance_sphere st_envelope st_equals st_geometrytype st_geomfromgeojson st_geomfromtext st_intersection
    st_intersects st_isempty st_length st_longitude st_latitude st_numpoints st_overlaps st_pointfromtext st_srid st_touches st_union st_within st_x
    st_y mbrcontains mbrwithin mbrintersects`,
} as const;

export const mysqlFunctions: ReadonlySet<string> = new Set(Object.values(byKind).flatMap((names) => names.split(/\s+/)));

/** Of `information_schema`: what describes tables. The others tell of accounts, other people's statements and settings. */
export const mysqlCatalogues: ReadonlySet<string> = new Set(
  `character_sets check_constraints collations columns key_column_usage partitions referential_constraints schemata statistics table_constraints
   tables views`.split(/\s+/),
);

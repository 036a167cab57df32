/**
 * What a query may call in PostgreSQL: functions that answer from their arguments and the rows they are given. Not here, on purpose: what reads or
 * writes files, sleeps, locks, signals, notifies, runs a text as SQL (`query_to_xml`, `ts_stat`, `dblink`, `crosstab`), moves a sequence, or
 * touches settings and large objects.
 */
const byKind = {
  aggregate: `array_agg any_value avg bit_and bit_or bit_xor bool_and bool_or corr count covar_pop covar_samp every json_agg json_agg_strict
    json_object_agg json_object_agg_strict json_object_agg_unique jsonb_agg jsonb_agg_strict jsonb_object_agg jsonb_object_agg_strict max min mode
    percentile_cont percentile_disc range_agg range_intersect_agg regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy
    regr_syy stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance`,
  window: "cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank row_number",
  text: `ascii bit_count bit_length btrim casefold char_length character_length chr concat concat_ws decode encode format initcap left length like lower
    lpad ltrim md5 normalize is_normalized notlike octet_length overlay parse_ident position quote_ident quote_literal quote_nullable regexp_count
    regexp_instr regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr repeat replace
    reverse right rpad rtrim sha224 sha256 sha384 sha512 split_part starts_with string_to_array string_to_table strpos substr substring text textcat
    textlen to_ascii to_bin to_hex to_oct translate trim unaccent unistr upper similarity word_similarity strict_word_similarity show_trgm
    levenshtein soundex metaphone difference crc32 crc32c similar_to_escape like_escape`,
  bytes: "bytea get_bit get_byte set_bit set_byte",
  number: `abs acos acosd acosh asin asind asinh atan atan2 atan2d atand atanh bigint cbrt ceil ceiling cos cosd cosh cot cotd degrees div erf erfc exp
    factorial float4 float8 floor gamma gcd int2 int4 int8 lcm ln log log10 min_scale mod money numeric pi pow power radians random random_normal round
    scale sign sin sind sinh sqrt tan tand tanh to_number trim_scale trunc width_bucket`,
  date: `age clock_timestamp date date_add date_bin date_part date_subtract date_trunc extract interval isfinite justify_days justify_hours
    justify_interval make_date make_interval make_time make_timestamp make_timestamptz now overlaps statement_timestamp time timeofday timestamp
    timestamptz timezone to_char to_date to_timestamp transaction_timestamp`,
  json: `array_to_json json_array_elements json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text
    json_extract_path json_extract_path_text json_object json_object_keys json_populate_record json_populate_recordset json_scalar json_strip_nulls
    json_to_record json_to_recordset json_typeof jsonb_array_elements jsonb_array_elements_text jsonb_array_length jsonb_build_array
    jsonb_build_object jsonb_concat jsonb_contains jsonb_delete jsonb_each jsonb_each_text jsonb_exists jsonb_extract_path jsonb_extract_path_text
    jsonb_insert jsonb_object jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz jsonb_path_match jsonb_path_query jsonb_path_query_array
    jsonb_path_query_array_tz jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record jsonb_populate_recordset
    jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof row_to_json to_json to_jsonb`,
  array: `array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position array_positions array_prepend array_remove
    array_replace array_reverse array_sample array_shuffle array_sort array_to_string array_upper cardinality generate_series generate_subscripts
    trim_array unnest`,
  range: `daterange int4multirange int4range int8multirange int8range isempty lower_inc lower_inf multirange numrange nummultirange range_merge tsrange
    tstzrange tsmultirange tstzmultirange datemultirange upper_inc upper_inf`,
  search: `array_to_tsvector numnode phraseto_tsquery plainto_tsquery querytree setweight strip to_tsquery to_tsvector ts_headline ts_rank ts_rank_cd
    tsquery_phrase tsvector_to_array websearch_to_tsquery ts_delete ts_filter`,
  network:
    "abbrev broadcast cidr family host hostmask inet inet_merge inet_same_family macaddr8_set7bit masklen netmask network set_masklen",
  geometry: `area box center circle diagonal diameter height isclosed isopen line lseg npoints path pclose point polygon popen radius slope width
    st_area st_asgeojson st_astext st_buffer st_centroid st_contains st_distance st_distancesphere st_dwithin st_geogfromtext st_geomfromgeojson
    st_geomfromtext st_intersection st_intersects st_length st_makeenvelope st_makepoint st_point st_setsrid st_srid st_transform st_union st_within
    st_x st_y`,
  any: `bool boolean bpchar char enum_first enum_last enum_range format_type grouping hstore akeys avals skeys svals each isnull num_nonnulls num_nulls
    nullif pg_column_size pg_input_is_valid pg_size_bytes pg_size_pretty pg_typeof uuid uuid_extract_timestamp uuid_extract_version uuidv4 uuidv7
    uuid_generate_v4 gen_random_uuid varchar xmlagg xmlconcat2 xpath xpath_exists`,
  schema: `col_description current_catalog current_database current_role current_schema current_user current_schemas obj_description pg_database_size
    pg_get_constraintdef pg_get_expr pg_get_indexdef pg_get_viewdef pg_indexes_size pg_relation_size pg_table_is_visible pg_table_size
    pg_tablespace_size pg_total_relation_size session_user shobj_description to_regclass to_regtype user version`,
} as const;

export const postgresqlFunctions: ReadonlySet<string> = new Set(Object.values(byKind).flatMap((names) => names.split(/\s+/)));

/** Catalogues of the system that a query may read; the others have hashes of passwords, files, settings and what others ask. */
export const postgresqlCatalogues: ReadonlySet<string> = new Set(
  `pg_attrdef pg_attribute pg_class pg_collation pg_constraint pg_description pg_depend pg_enum pg_index pg_indexes pg_inherits pg_language pg_matviews
   pg_namespace pg_operator pg_partitioned_table pg_policies pg_proc pg_range pg_rules pg_sequences pg_stat_user_indexes pg_stat_user_tables
   pg_statio_user_tables pg_tables pg_timezone_abbrevs pg_timezone_names pg_trigger pg_type pg_views`.split(/\s+/),
);

-- expand: the runs that never ended, for the job that ends those whose process died.
create index run_unended on run (created_at) where ended_at is null;

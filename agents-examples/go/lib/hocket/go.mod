module hocket

go 1.19

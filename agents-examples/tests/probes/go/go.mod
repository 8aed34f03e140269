module probe

go 1.19

require hocket v0.0.0

replace hocket => ../../../go/lib/hocket

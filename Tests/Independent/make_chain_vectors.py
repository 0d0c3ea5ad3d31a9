"""Writes headers of every fork and proofs of a state as py-evm and py-trie make them: vectors of EthereumChainTests.

usage: make_chain_vectors.py FILE
"""
import json, random, sys

import rlp
from eth_utils import keccak
from trie import HexaryTrie
random.seed(7)
H=lambda b:"0x"+bytes(b).hex()
from eth.vm.forks.frontier.blocks import FrontierBlock
from eth.rlp.headers import BlockHeader as Old
from eth.vm.forks.london.blocks import LondonBlockHeader
from eth.vm.forks.shanghai.blocks import ShanghaiBlockHeader
from eth.vm.forks.cancun.blocks import CancunBlockHeader
from eth.vm.forks.prague.blocks import PragueBlockHeader
names={'parent_hash':'parentHash','uncles_hash':'sha3Uncles','coinbase':'miner','state_root':'stateRoot','transaction_root':'transactionsRoot','receipt_root':'receiptsRoot','bloom':'logsBloom','difficulty':'difficulty','block_number':'number','gas_limit':'gasLimit','gas_used':'gasUsed','timestamp':'timestamp','extra_data':'extraData','mix_hash':'mixHash','nonce':'nonce','base_fee_per_gas':'baseFeePerGas','withdrawals_root':'withdrawalsRoot','blob_gas_used':'blobGasUsed','excess_blob_gas':'excessBlobGas','parent_beacon_block_root':'parentBeaconBlockRoot','requests_hash':'requestsHash'}
rb=random.randbytes
def make(cls, fork):
    vals={}
    for f,_ in cls._meta.fields:
        if f in('parent_hash','uncles_hash','state_root','transaction_root','receipt_root','mix_hash','withdrawals_root','parent_beacon_block_root','requests_hash'): vals[f]=rb(32)
        elif f=='coinbase': vals[f]=rb(20)
        elif f=='bloom': vals[f]=1<<random.randrange(2048)
        elif f=='nonce': vals[f]=rb(8)
        elif f=='extra_data': vals[f]=rb(random.choice([0,1,32]))
        elif f=='difficulty': vals[f]=0 if fork!='frontier' else 0x400000000
        else: vals[f]=random.choice([0,1,127,128,random.randrange(1<<40)])
    h=cls(**vals)
    j={}
    for f,_ in cls._meta.fields:
        v=getattr(h,f)
        if f=='bloom': j[names[f]]="0x"+int(v).to_bytes(256,'big').hex()
        elif isinstance(v,int): j[names[f]]=hex(v)
        else: j[names[f]]=H(v)
    j['hash']=H(h.hash)
    # what endpoints add
    j['size']='0x220'; j['transactions']=[]; j['totalDifficulty']='0x0'
    return j
out={'headers':{n:make(c,n) for n,c in [('frontier',Old),('london',LondonBlockHeader),('shanghai',ShanghaiBlockHeader),('cancun',CancunBlockHeader),('prague',PragueBlockHeader)]}}
# mainnet genesis
out['headers']['mainnet-genesis']={'parentHash':'0x'+'00'*32,'sha3Uncles':'0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347','miner':'0x'+'00'*20,'stateRoot':'0xd7f8974fb5ac78d9ac099b9ad5018bedc2ce0a72dad1827a1709da30580f0544','transactionsRoot':'0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421','receiptsRoot':'0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421','logsBloom':'0x'+'00'*256,'difficulty':'0x400000000','number':'0x0','gasLimit':'0x1388','gasUsed':'0x0','timestamp':'0x0','extraData':'0x11bbe8db4e347b4e8c937c1c8370e4b5ed33adb3db69cbdb7a38e1e50b1b82fa','mixHash':'0x'+'00'*32,'nonce':'0x0000000000000042','hash':'0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3'}
# state
def storage(n, small):
    t=HexaryTrie({}); w={}
    for i in range(n):
        k=i.to_bytes(32,'big'); v=(i+1) if small else random.randrange(1,1<<256)
        t[keccak(k)]=rlp.encode(v); w[i]=v
    return t,w
st,words=storage(40,True)
big,bigwords=storage(300,False)
state=HexaryTrie({})
addrs=[rb(20) for _ in range(120)]
def acc(nonce,bal,root,code): return rlp.encode([nonce,bal,root,code])
nocode=keccak(b'')
for i,a in enumerate(addrs):
    root=st.root_hash if i==0 else big.root_hash if i==1 else keccak(b'\x80')
    state[keccak(a)]=acc(i,i*10**18,root,keccak(b'code') if i<2 else nocode)
def proof(t,key): return [H(rlp.encode(n)) for n in t.get_proof(keccak(key))]
def answer(a,t,keys):
    return {'address':H(a),'accountProof':proof(state,a),'storageProof':[{'key':H(k),'value':'0x1','proof':proof(t,k)} for k in keys]}
W=lambda i:i.to_bytes(32,'big')
out['state']={'root':H(state.root_hash),
 'small':answer(addrs[0],st,[W(i) for i in (0,7,39,40,1<<200)]),'smallWords':[hex(words.get(i,0)) for i in (0,7,39,40,1<<200)],
 'large':answer(addrs[1],big,[W(i) for i in (0,299,300)]),'largeWords':[hex(bigwords.get(i,0)) for i in (0,299,300)],
 'plain':answer(addrs[5],HexaryTrie({}),[]),
 'absent':{'address':H(b'\x11'*20),'accountProof':proof(state,b'\x11'*20),'storageProof':[]},
}
out['state']['plain']['storageProof']=[{'key':H(W(0)),'value':'0x0','proof':[]}]
json.dump(out,open(sys.argv[1], 'w'), separators=(',', ':'))
